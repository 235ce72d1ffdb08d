import { useId } from 'react';
import { inputClass } from '../display/field.tsx';
import type { Parameter } from './api-description.ts';
import { schemaPieces } from './schema-pieces.ts';

type ParameterFieldProps = { parameter: Parameter; value: string; onChange: (value: string) => void };

export function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  const id = useId();
  const { name, required, schema } = parameter;
  const type = schemaPieces(schema)
    .map(({ text }) => text)
    .join('');
  return (
    <div className="grid items-baseline gap-x-4 gap-y-1 sm:grid-cols-[10rem_1fr]">
      <label htmlFor={id} className="font-mono text-xs break-all">
        {name}
        {required && <span className="text-danger"> *</span>}
      </label>
      <div>
        <input
          id={id}
          type="text"
          value={value}
          required={required}
          spellCheck={false}
          autoCapitalize="none"
          placeholder={type}
          onChange={(event) => onChange(event.target.value)}
          className={`${inputClass} py-1.5 font-mono sm:text-xs`}
        />
        {schema.description && <p className="mt-0.5 text-muted">{schema.description}</p>}
      </div>
    </div>
  );
}
