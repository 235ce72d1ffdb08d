import type { Me } from '../../../src/http/contract.ts';
import { Initials } from '../display/initials.tsx';
import { viewerName } from './viewer-query.ts';

export function Avatar({ me, className = 'size-8' }: { me: Me; className?: string }) {
  return <Initials id={me.id} name={viewerName(me)} className={`rounded-full ${className}`} />;
}
