import type { ReactNode } from 'react';
import type { Finding } from '../../../src/http/contract.ts';
import { CheckIcon, CloseIcon, WarningIcon } from '../display/icons.tsx';

type Look = { word: string; icon: ReactNode };

const looks: Record<Finding['status'], Look> = {
  ok: { word: 'In order', icon: <CheckIcon className="mt-0.5 size-5 text-good" /> },
  warn: { word: 'Needs attention', icon: <WarningIcon className="mt-0.5 size-5 text-danger" /> },
  fail: { word: 'Does not work', icon: <CloseIcon className="mt-0.5 size-5 text-danger" /> },
};

export function FindingRow({ finding: { check, status, message, action } }: { finding: Finding }) {
  const { word, icon } = looks[status];
  return (
    <li className="flex gap-3 py-3 text-sm">
      {icon}
      <div className="min-w-0 text-pretty break-words">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="inline-block min-w-0 font-medium first-letter:uppercase">{check}</span>
          <span className="rounded border border-line px-1.5 text-xs leading-5 text-muted">{word}</span>
        </p>
        <p className="mt-0.5 text-muted">{message}</p>
        {action !== null && (
          <p className="mt-1">
            <span className="font-medium">What to do:</span> {action}
          </p>
        )}
      </div>
    </li>
  );
}
