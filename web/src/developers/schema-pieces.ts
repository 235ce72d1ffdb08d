import { referenceOf, type Schema } from './api-description.ts';

/** A schema as one would write the type; a piece with `reference` names another schema. */
export type Piece = { text: string; reference?: true };

const STEP = '  ';

export function schemaPieces(schema: Schema, indent = ''): Piece[] {
  const reference = referenceOf(schema);
  if (reference !== null) return [{ text: reference, reference: true }];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return join(
      choices.map((choice) => schemaPieces(choice, indent)),
      ' | ',
    );
  if (schema.enum) return [{ text: schema.enum.map((value) => JSON.stringify(value)).join(' | ') }];
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (schema.type === 'array') return arrayPieces(schema, indent);
  if (schema.properties) return objectPieces(schema, indent);
  if (typeof schema.additionalProperties === 'object') {
    return [{ text: '{ [key]: ' }, ...schemaPieces(schema.additionalProperties, indent), { text: ' }' }];
  }
  return [{ text: plainType(schema) }];
}

function arrayPieces({ items }: Schema, indent: string): Piece[] {
  if (items === undefined) return [{ text: 'any[]' }];
  const isUnion = items.anyOf !== undefined || items.oneOf !== undefined || items.enum !== undefined;
  const inner = schemaPieces(items, indent);
  return isUnion ? [{ text: '(' }, ...inner, { text: ')[]' }] : [...inner, { text: '[]' }];
}

function objectPieces({ properties = {}, required = [] }: Schema, indent: string): Piece[] {
  const deeper = indent + STEP;
  const lines = Object.entries(properties).flatMap(([name, property]) => [
    ...(property.description ? [{ text: `${deeper}// ${property.description}\n` }] : []),
    { text: `${deeper}${name}${required.includes(name) ? '' : '?'}: ` },
    ...schemaPieces(property, deeper),
    { text: '\n' },
  ]);
  return [{ text: '{\n' }, ...lines, { text: `${indent}}` }];
}

function plainType({ type, format }: Schema): string {
  if (type === undefined) return 'any';
  const types = Array.isArray(type) ? type.join(' | ') : type;
  return format === undefined ? types : `${types} (${format})`;
}

function join(parts: Piece[][], separator: string): Piece[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]));
}
