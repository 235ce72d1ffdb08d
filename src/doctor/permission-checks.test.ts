import type { APIGuildChannel } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { checkPermissions, type GuildFacts } from './permission-checks.ts';

const bot = '900';
const everyone = '100';
const VIEW_AND_HISTORY = String((1n << 10n) | (1n << 16n));

test('a guild in which all can be read is one line', () => {
  expect(checkPermissions(guildWith([textChannel('general'), textChannel('clips')]), bot)).toEqual([
    { check: 'guild Harbour', status: 'ok', message: 'all 2 channels can be read', action: null },
  ]);
});

test('channels are listed by the permission that is missing', () => {
  const channels = [
    textChannel('general'),
    textChannel('staff', { deny: 1n << 10n }),
    textChannel('archive', { deny: 1n << 16n }),
    textChannel('vault', { deny: 1n << 16n }),
    { ...textChannel('lounge'), type: 2 } as APIGuildChannel,
    { ...textChannel('Information'), type: 4 } as APIGuildChannel,
  ];
  const findings = checkPermissions(guildWith(channels), bot);
  expect(findings.map(({ status }) => status)).toEqual(['warn', 'warn', 'warn']);
  expect(findings.map(({ message }) => message)).toEqual([
    '1 of 5 channels cannot be read: View Channel is missing in #staff.',
    '1 of 5 channels cannot be read: Connect is missing in #lounge.',
    '2 of 5 channels cannot be read: Read Message History is missing in #archive, #vault.',
  ]);
});

test('long lists are cut, and say so', () => {
  const channels = Array.from({ length: 23 }, (_, index) => textChannel(`c${index}`, { deny: 1n << 10n }));
  const [finding] = checkPermissions(guildWith(channels), bot);
  expect(finding?.message).toMatch(/^23 of 23 .* #c19 and 3 more\.$/);
});

function guildWith(channels: APIGuildChannel[]): GuildFacts {
  const roles = [{ id: everyone, permissions: VIEW_AND_HISTORY }];
  return {
    guild: { id: everyone, name: 'Harbour', owner_id: '1', roles } as GuildFacts['guild'],
    member: { roles: [] as string[] } as GuildFacts['member'],
    channels,
  };
}

function textChannel(name: string, overwrite?: { deny: bigint }): APIGuildChannel {
  const overwrites = overwrite ? [{ id: bot, type: 1, allow: '0', deny: String(overwrite.deny) }] : [];
  return { id: '200', type: 0, name, permission_overwrites: overwrites } as unknown as APIGuildChannel;
}
