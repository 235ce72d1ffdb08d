const surprise = { kind: 'unheard_of', values: [null, -1, 'text', { nested: true }] };

/** The same JSON, where every object has a field that nobody has heard of. */
export function addUnknownFields(text: string): string {
  return JSON.stringify(
    JSON.parse(text, (_, value: unknown) => (isObject(value) ? { ...value, surprise } : value)),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
