import type { Schema } from './api-description.ts';
import { CodeBlock } from './code-block.tsx';
import { type Piece, schemaPieces } from './schema-pieces.ts';

type SchemaBlockProps = { label: string; schema: Schema };

export function SchemaBlock({ label, schema }: SchemaBlockProps) {
  return <CodeBlock label={label} text={schemaPieces(schema).map(renderPiece)} />;
}

function renderPiece({ text, reference }: Piece, index: number) {
  const key = `${index}-${text}`;
  if (!reference) return <span key={key}>{text}</span>;
  return (
    <a
      key={key}
      href={`#${schemaId(text)}`}
      onClick={() => openSchema(text)}
      className="rounded font-semibold text-accent hover:underline"
    >
      {text}
    </a>
  );
}

export function schemaId(name: string): string {
  return `schema-${name}`;
}

/** A closed part of the page is no place to arrive at. */
function openSchema(name: string): void {
  const element = document.getElementById(schemaId(name));
  if (element instanceof HTMLDetailsElement) element.open = true;
}
