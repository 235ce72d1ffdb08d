import type { ApiToken } from '../../../src/http/contract.ts';

type Scope = ApiToken['scope'];

const scopes: { scope: Scope; label: string; hint: string }[] = [
  { scope: 'read', label: 'Read', hint: 'Looks at everything that you see, and changes nothing.' },
  { scope: 'manage', label: 'Manage', hint: 'Also changes what you may change: settings, channels, scans.' },
];

type ScopeChoiceProps = { scope: Scope; onChange: (scope: Scope) => void };

export function ScopeChoice({ scope, onChange }: ScopeChoiceProps) {
  return (
    <fieldset>
      <legend className="font-medium">What it may do</legend>
      {scopes.map((choice) => (
        <label key={choice.scope} className="mt-2 flex cursor-pointer gap-3 text-sm">
          <input
            type="radio"
            name="scope"
            checked={scope === choice.scope}
            onChange={() => onChange(choice.scope)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="font-medium">{choice.label}</span>
            <span className="block text-muted">{choice.hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
