import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { aHistory, idAt } from '../support/other-discord-payloads.ts';
import { openStage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Fields of a channel as no Discord should send them; each on its own. */
const hostileFields = [
  { name: 7 },
  { name: 'n'.repeat(10_000) },
  { parent_id: 'p\0'.repeat(5_000) },
  { parent_id: 12 },
  { position: 2 ** 40 },
  { permission_overwrites: { id: 1 } },
  { permission_overwrites: [null, 3, { id: 5 }] },
  { permission_overwrites: [{ id: '5\0', type: 0, allow: '0', deny: '0' }] },
  { permission_overwrites: [{ id: '500000000000000000', type: 0, allow: 'all', deny: '' }] },
  { last_message_id: '9'.repeat(30) },
  { nsfw: 'yes' },
  { thread_metadata: 'none' },
];

test('one channel or role that makes no sense does not keep a guild from being read', async () => {
  await using stage = await openStage();
  const { db, discord } = stage;
  const room = idAt('2024-01-01T00:00:00Z');
  discord.addChannel(room, aHistory(room, 3));
  const hostile = hostileFields.map((fields, place) => ({
    ...{ id: String(BigInt(room) + 1_000n + BigInt(place)), type: 0 },
    ...fields,
  }));
  discord.hooks.guild = (guild) => ({
    ...guild,
    icon: 12,
    roles: [
      ...guild.roles,
      null,
      { id: idAt('2023-01-01T00:00:00Z'), name: 5, permissions: {}, position: 'top' },
    ],
    channels: [...guild.channels, null, {}, ...hostile],
  });
  await stage.start();
  await waitFor(async () => (await stage.listRuns()).some((run) => run.channelId === room));
  const known = await db.query<{ id: string }>(sql`
    select channel_id as id from bot_channels where channel_id::bigint > ${room}::bigint order by 1`);
  expect(known.map((row) => row.id)).toEqual(hostile.map((channel) => channel.id));
});
