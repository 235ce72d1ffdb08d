import { type FormEvent, useState } from 'react';
import type { ApiToken, NewApiToken } from '../../../src/http/contract.ts';
import { problemAt } from '../api/request-error.ts';
import { Button } from '../display/button.tsx';
import { Field, inputClass } from '../display/field.tsx';
import { Problem } from '../display/problem.tsx';
import { useMakeToken } from './account-queries.ts';
import { ScopeChoice } from './scope-choice.tsx';

const lives: { days: number | null; label: string }[] = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
  { days: null, label: 'Never' },
];
const DEFAULT_DAYS = 90;

type TokenFormProps = { onMade: (token: NewApiToken) => void; onCancel: () => void };

export function TokenForm({ onMade, onCancel }: TokenFormProps) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<ApiToken['scope']>('read');
  const [days, setDays] = useState<number | null>(DEFAULT_DAYS);
  const { mutate, isPending, error } = useMakeToken();
  const nameProblem = problemAt(error, 'name');
  const lifeProblem = problemAt(error, 'expiresInDays');

  function submit(event: FormEvent) {
    event.preventDefault();
    mutate({ name, scope, expiresInDays: days }, { onSuccess: onMade });
  }

  return (
    <form onSubmit={submit} className="mb-6 flex flex-col gap-5 rounded-lg border border-line p-4">
      <Field label="Name" hint="What it is for, so that you know it again." problem={nameProblem}>
        {(field) => (
          <input
            {...field}
            // biome-ignore lint/a11y/noAutofocus: whoever opens the form wants to fill it in
            autoFocus
            type="text"
            value={name}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
            className={inputClass}
          />
        )}
      </Field>
      <ScopeChoice scope={scope} onChange={setScope} />
      <Field label="Ends after" problem={lifeProblem}>
        {(field) => (
          <select
            {...field}
            value={String(days)}
            onChange={({ target }) => setDays(target.value === 'null' ? null : Number(target.value))}
            className={`${inputClass} max-w-48`}
          >
            {lives.map((life) => (
              <option key={life.label} value={String(life.days)}>
                {life.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {nameProblem === null && lifeProblem === null && <Problem error={error} />}
      <div className="flex gap-3">
        <Button isBusy={isPending}>Make the token</Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
