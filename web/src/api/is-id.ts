const ID = /^[1-9]\d{0,18}$/;

/** Whether a part of an address can be an id of Discord's. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
