import type { ReactNode } from 'react';
import { CheckIcon, InfoIcon, WarningIcon } from './icons.tsx';

type Look = 'info' | 'warning' | 'good';

const icons: Record<Look, ReactNode> = {
  info: <InfoIcon className="mt-0.5 size-5 text-accent" />,
  warning: <WarningIcon className="mt-0.5 size-5 text-danger" />,
  good: <CheckIcon className="mt-0.5 size-5 text-good" />,
};

type CalloutProps = { title: string; look?: Look; children?: ReactNode };

/** Something that one should know before one goes on. Screen readers hear it when it appears. */
export function Callout({ title, look = 'info', children }: CalloutProps) {
  return (
    <div
      role={look === 'warning' ? 'alert' : 'status'}
      className="flex gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm shadow-xs"
    >
      {icons[look]}
      <div className="min-w-0 text-pretty">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-0.5 text-muted">{children}</div>}
      </div>
    </div>
  );
}
