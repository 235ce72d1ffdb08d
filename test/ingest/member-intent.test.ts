import { GatewayIntentBits } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { startProgram, startTestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

/** Whether the session that lives now was accepted with the intent for members. */
async function hasMembers(db: Database): Promise<boolean | undefined> {
  const [session] = await db.query<{ intents: string }>(sql`select intents from gateway_sessions`);
  return session && (Number(session.intents) & GatewayIntentBits.GuildMembers) !== 0;
}

async function openStage({ isOn }: { isOn: boolean }) {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const sandbox = await startTestSandbox(smallWorld());
  onTestFinished(() => sandbox.close());
  await sandbox.control('intents', { guild_members: isOn });
  const program = await startProgram(database.url, sandbox, { ROLES: 'gateway' });
  onTestFinished(() => program.stop());
  const { db } = database;
  const isTold = async (name: string) => {
    await sandbox.control('update-guild', { guild_id: ids.guild, name });
    await waitFor(async () => (await db.query(sql`select from bot_guilds where name = ${name}`)).length > 0);
  };
  await waitFor(async () => (await db.query(sql`select from bot_guilds`)).length > 0);
  return { db, sandbox, isTold };
}

test('is asked for where the developer portal has it switched on, and nowhere else', async () => {
  const without = await openStage({ isOn: false });
  await without.isTold('without');
  expect(await hasMembers(without.db)).toBe(false);
  const { db, isTold } = await openStage({ isOn: true });
  await isTold('with');
  expect(await hasMembers(db)).toBe(true);
});

test('that is switched off meanwhile is gone on without', async () => {
  const { db, sandbox, isTold } = await openStage({ isOn: true });
  await isTold('with');
  await sandbox.control('intents', { guild_members: false });
  await sandbox.control('drop-gateway', { resumable: false });
  await waitFor(async () => (await hasMembers(db)) === false);
  await isTold('without');
});
