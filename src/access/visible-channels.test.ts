import { describe, expect, test } from 'vitest';
import type { SightChannel, SightSource } from '../db/viewer-channels.ts';
import { Permission } from '../discord/permissions.ts';
import { visibleChannelsOf } from './visible-channels.ts';

const { viewChannel, readMessageHistory, connect, manageThreads, manageGuild, administrator } = Permission;
const reader = viewChannel | readMessageHistory;
const USER = '42';
const HOUR = '2024-01-01T01:00:00+00:00';

const channel = (channelId: string, given: Partial<SightChannel> = {}): SightChannel => ({
  ...{ channelId, type: 'text', parentId: null, overwrites: [], newestMessageId: null, membership: null },
  ...given,
});
const privateThread = (channelId: string, membership: SightChannel['membership'] = null): SightChannel =>
  channel(channelId, { type: 'private_thread', parentId: '10', membership });
const member = (isMember: boolean, isFresh = true, until = HOUR) => ({ isMember, isFresh, until });
const denied = (id: string, type: number, deny: bigint) => [{ id, type, allow: '0', deny: String(deny) }];

function see(channels: SightChannel[], everyone = reader, given: Partial<SightSource> = {}) {
  return visibleChannelsOf(USER, {
    ...{ guildId: '1', version: '1', ownerId: '9', member: { roleIds: ['2'], isTimedOut: false } },
    roles: [{ id: '1', permissions: String(everyone) }],
    channels,
    ...given,
  });
}

describe('channels', () => {
  test('are seen where to view and to read the history is allowed, in voice also to connect', () => {
    const channels = [
      channel('10'),
      channel('11', { overwrites: denied('1', 0, viewChannel) }),
      channel('12', { overwrites: denied('2', 0, readMessageHistory) }),
      channel('13', { overwrites: denied(USER, 1, viewChannel) }),
      channel('14', { type: 'voice' }),
      channel('15', { type: null }),
    ];
    expect(see(channels).channelIds).toEqual(['10', '15']);
    expect(see(channels, reader | connect).channelIds).toEqual(['10', '14', '15']);
    expect(see(channels, administrator).channelIds).toEqual(['10', '11', '12', '13', '14', '15']);
    expect(see(channels, 0n, { ownerId: USER }).channelIds).toHaveLength(6);
  });

  test('of a member who is timed out are none of voice', () => {
    const timedOut = { member: { roleIds: [], isTimedOut: true } };
    const seen = see(
      [channel('10'), channel('14', { type: 'voice' })],
      reader | connect | manageGuild,
      timedOut,
    );
    expect(seen).toMatchObject({ channelIds: ['10'], canManage: false });
  });

  test('of those who manage are no more than they may view', () => {
    const seen = see([channel('10', { overwrites: denied('1', 0, viewChannel) })], reader | manageGuild);
    expect(seen).toMatchObject({ channelIds: [], canManage: true });
  });
});

describe('private threads', () => {
  test('are seen by those who are in them, and by those who manage threads there', () => {
    const channels = [channel('10'), privateThread('20', member(true)), privateThread('21', member(false))];
    expect(see(channels)).toMatchObject({ channelIds: ['10', '20'], unasked: [], until: HOUR });
    expect(see(channels, reader | manageThreads)).toMatchObject({
      ...{ channelIds: ['10', '20', '21'], unasked: [], until: null },
    });
    const notThere = { overwrites: denied('1', 0, manageThreads) };
    expect(see([channel('10', notThere), ...channels.slice(1)], reader | manageThreads).channelIds).toEqual([
      ...['10', '20'],
    ]);
  });

  test('of a channel that is not seen are not seen, nor asked about', () => {
    const hidden = channel('10', { overwrites: denied('1', 0, readMessageHistory) });
    const threads = [privateThread('20', member(true)), privateThread('21')];
    expect(see([hidden, ...threads])).toMatchObject({ channelIds: [], unasked: [] });
    expect(see(threads, administrator)).toMatchObject({ channelIds: [], unasked: [] });
  });

  test('of which it is not known, or not lately, are asked about, and what was known counts meanwhile', () => {
    const channels = [
      channel('10'),
      privateThread('20'),
      privateThread('21', member(true, false, '2024-01-01T00:30:00+00:00')),
      privateThread('22', member(false, false)),
      privateThread('23', member(true)),
    ];
    const seen = see(channels);
    expect(seen.channelIds).toEqual(['10', '21', '23']);
    expect(seen.unasked.map((thread) => thread.channelId)).toEqual(['20', '21', '22']);
    expect(seen.until).toBe('2024-01-01T00:30:00+00:00');
  });
});

test('a guild whose @everyone was not told shows nothing', () => {
  expect(see([channel('10')], reader, { roles: [] })).toMatchObject({ channelIds: [], canManage: false });
});
