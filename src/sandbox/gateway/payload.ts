/** Larger ones Discord closes with 4002. */
export const MAX_PAYLOAD_BYTES = 4096;

export type Payload = { op: number; d: unknown };

/** Undefined when it is not a JSON object with an `op`. */
export function parsePayload(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('op' in value)) return undefined;
    if (typeof value.op !== 'number') return undefined;
    return { op: value.op, d: 'd' in value ? value.d : undefined };
  } catch {
    return undefined;
  }
}

/** Control payloads carry `s` and `t` as null, explicitly. */
export function controlPayload(op: number, data: unknown): string {
  return JSON.stringify({ t: null, s: null, op, d: data });
}

export function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
