import { CheckIcon } from '../display/icons.tsx';
import { permissions } from './permissions.ts';

export function PermissionList() {
  return (
    <ul className="flex flex-col gap-3 text-sm">
      {permissions.map(({ name, why }) => (
        <li key={name} className="flex gap-3">
          <CheckIcon className="mt-0.5 size-4 text-good" />
          <div>
            <p className="font-medium">{name}</p>
            <p className="text-pretty text-muted">{why}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
