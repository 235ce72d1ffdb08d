import { useState } from 'react';
import type { Schema } from './api-description.ts';
import { SchemaBlock, schemaId } from './schema-block.tsx';

type SchemaItemProps = { name: string; schema: Schema };

export function SchemaItem({ name, schema }: SchemaItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      id={schemaId(name)}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className="scroll-mt-18 rounded-lg border border-line bg-surface px-4 py-2 text-sm"
    >
      <summary className="rounded font-semibold">{name}</summary>
      {isOpen && (
        <div className="mt-2 mb-1">
          {schema.description && <p className="mb-2 text-pretty text-muted">{schema.description}</p>}
          <SchemaBlock label={name} schema={schema} />
        </div>
      )}
    </details>
  );
}
