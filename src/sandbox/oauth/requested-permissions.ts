import { PermissionFlagsBits } from 'discord-api-types/v10';

/** Stands in the form of the page, whose boxes say which permissions are granted. */
export const BOXES_FIELD = 'permission_boxes';
const boxField = (name: string) => `permission_${name}`;

export type RequestedPermission = { field: string; label: string };

/** The boxes for what is asked for. Bits that nobody has named cannot be unticked. */
export function requestedPermissions(asked: string): RequestedPermission[] {
  return namedBits(asked).map(([name]) => ({ field: boxField(name), label: labelOf(name) }));
}

/** What the bot gets: of all that is asked for, what the field `permissions` or the ticked boxes say. */
export function grantedPermissions(asked: string, fields: Record<string, unknown>): string | undefined {
  if (fields.permissions !== undefined) {
    const chosen = String(fields.permissions);
    return /^\d{1,20}$/.test(chosen) ? String(BigInt(asked) & BigInt(chosen)) : undefined;
  }
  if (fields[BOXES_FIELD] === undefined) return asked;
  const unticked = namedBits(asked).filter(([name]) => fields[boxField(name)] === undefined);
  return String(unticked.reduce((granted, [, bit]) => granted & ~bit, BigInt(asked)));
}

function namedBits(asked: string): [name: string, bit: bigint][] {
  const bits = BigInt(asked);
  const byBit = new Map(Object.entries(PermissionFlagsBits).map(([name, bit]) => [bit, name] as const));
  return [...byBit]
    .filter(([bit]) => (bits & bit) !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([bit, name]) => [name, bit]);
}

/** `ReadMessageHistory` → `Read message history`. */
function labelOf(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
