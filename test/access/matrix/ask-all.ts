import { expect } from 'vitest';
import { sql } from '../../../src/db/database.ts';
import type { Door } from '../../../src/http/door.ts';
import { doors } from '../../../src/http/routes.ts';
import { sideBySide } from '../../../src/lib/side-by-side.ts';
import { askDoor, type Tally } from './ask.ts';
import { cases } from './cases.ts';
import { type Case, doorKey } from './question.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

const SHOWN = 40; // differences; the first ones tell enough

const READERS = 3; // who do not get into each other's way

const reads = doors.filter(({ method, path }) => method === 'GET' && path !== '/api/events');
const streams = doors.filter(({ path }) => path === '/api/events');
const changes = doors.filter(({ method }) => method !== 'GET');

export function caseOf(door: Door): Case {
  const found = cases[doorKey(door)];
  if (!found) throw new Error(`no case for ${doorKey(door)}`);
  return found;
}

/**
 * At all doors that only tell; answers the differences. Streams say that they have nothing more to tell after some seconds
 * of silence: all viewers wait for that together.
 */
export async function askAllThatTells(
  stage: Stage,
  viewers: readonly Viewer[],
  tally: Tally,
): Promise<string[]> {
  const told = Promise.all(viewers.map((viewer) => askAll(stage, streams, [viewer], tally)));
  return [...(await askAll(stage, reads, viewers, tally, READERS)), ...(await told).flat()];
}

/** At all doors that change something. */
export async function askAllThatChanges(
  stage: Stage,
  viewers: readonly Viewer[],
  tally: Tally,
): Promise<string[]> {
  return askAll(stage, changes, viewers, tally);
}

/** `together`: so many viewers at a time. */
async function askAll(
  stage: Stage,
  wanted: readonly Door[],
  viewers: readonly Viewer[],
  tally: Tally,
  together = 1,
): Promise<string[]> {
  const differences: string[] = [];
  for (const door of wanted) {
    const ofDoor = await sideBySide(viewers, together, (viewer) =>
      askDoor(stage, door, caseOf(door), viewer, tally),
    );
    differences.push(...ofDoor.flat());
  }
  return differences;
}

export function expectNone(differences: readonly string[]): void {
  expect(differences.slice(0, SHOWN)).toEqual([]);
}

export function report(what: string, { doors: asked, triples, requests, byStatus }: Tally): void {
  const counts = [...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  process.stdout.write(
    `${what}: ${asked.size} doors, ${triples.size} questions of (door, viewer, object), ${requests} requests: ${counts.join(', ')}\n`,
  );
}

/** Removes somebody from the guild where nearly everybody is. */
export async function kick(stage: Stage, { userId }: Viewer): Promise<void> {
  await stage.sandbox.control('remove-member', { guild_id: stage.matrix.guilds.main.id, user_id: userId });
  stage.oracle.forget();
}

/** Whether the program still takes them for a member of any guild. */
export async function isKnownMember({ db }: Stage, { userId }: Viewer): Promise<boolean> {
  return (await db.query(sql`select from member_roles where user_id = ${userId}`)).length > 0;
}
