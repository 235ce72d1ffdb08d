import { useState } from 'react';
import type { Operation, Schema } from './api-description.ts';
import { SchemaBlock } from './schema-block.tsx';
import { TryOperation } from './try-operation.tsx';

type OperationItemProps = { operation: Operation; schemas: Record<string, Schema> };

const rights: Record<string, string> = {
  anyone: 'Anyone',
  viewer: 'Whoever is logged in',
  manager: 'Whoever manages the server',
  operator: 'Operators of this Clipdex',
};

/** One operation: a line, and on demand all of it. */
export function OperationItem({ operation, schemas }: OperationItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { method, path, summary, changesSomething } = operation;
  return (
    <details
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className="rounded-lg border border-line bg-surface px-4 py-2.5 text-sm"
    >
      <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded">
        <span
          className={`w-14 font-mono text-xs font-bold ${changesSomething ? 'text-danger' : 'text-good'}`}
        >
          {method}
        </span>
        <span className="font-mono text-xs break-all">{path}</span>
        <span className="basis-full text-muted">{summary.replaceAll('`', '')}</span>
      </summary>
      {isOpen && <Details operation={operation} schemas={schemas} />}
    </details>
  );
}

function Details({ operation, schemas }: OperationItemProps) {
  const { right, body, answer } = operation;
  return (
    <div className="mt-3 flex flex-col gap-4 border-t border-line pt-3">
      <p>
        <span className="text-muted">Who may:</span> {rights[right] ?? right}
      </p>
      {body && (
        <div>
          <h3 className="mb-1 font-semibold">Body</h3>
          <SchemaBlock label="Body" schema={body} />
        </div>
      )}
      <div>
        <h3 className="mb-1 font-semibold">
          Answer {answer.status}
          <span className="font-normal text-muted"> · {answer.description}</span>
        </h3>
        {answer.schema && <SchemaBlock label="Answer" schema={answer.schema} />}
      </div>
      <TryOperation operation={operation} schemas={schemas} />
    </div>
  );
}
