import { referenceOf, type Schema } from './api-description.ts';

/** Something of the right shape to begin with, as JSON. */
export function exampleBody(schema: Schema, schemas: Record<string, Schema>): string {
  return JSON.stringify(exampleOf(schema, schemas), null, 2);
}

function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  const reference = referenceOf(schema);
  if (reference !== null) return exampleOf(schemas[reference] ?? {}, schemas);
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice) return exampleOf(choice, schemas);
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const required = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(required.map(([name, property]) => [name, exampleOf(property, schemas)]));
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  return plainExamples[type ?? ''] ?? {};
}

const plainExamples: Record<string, unknown> = {
  string: '',
  boolean: true,
  integer: 1,
  number: 1,
  array: [],
};
