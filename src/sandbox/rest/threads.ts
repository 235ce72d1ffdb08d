import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { isArchived, isThread, type PlacedChannel, type Thread, threadsOf } from '../channels.ts';
import { json } from '../http/answer.ts';
import { invalidForm, missingAccess } from '../http/api-error.ts';
import { type ApiRequest, queryId, queryInteger } from '../http/request.ts';
import { compareIds } from '../ids.ts';
import { canView } from '../permissions.ts';
import type { Sandbox } from '../sandbox.ts';
import { newestFirst, type SandboxState } from '../state.ts';
import { channelView, threadMemberView } from '../views/channel.ts';
import type { WorldChannel, WorldGuild } from '../world.ts';
import { botMayReadHistory, reachChannel, reachGuild, requirePermission } from './access.ts';

const MAX_THREADS = 100;
const DEFAULT_THREADS = 50;

type ThreadEntry = WorldChannel & { channel: Thread };

/** Every thread of the guild that is not archived and that the bot may see, newest first. */
export function listActiveThreads({ state }: Sandbox, request: ApiRequest) {
  const guild = reachGuild(state, request);
  const active = [...guild.channels.values()].filter(
    (entry) =>
      isThread(entry.channel) &&
      !isArchived(entry.channel) &&
      canView(guild, entry.channel, state.world.bot.id),
  );
  active.sort((a, b) => compareIds(b.channel.id, a.channel.id));
  return json(threadsView(state, guild, active, false));
}

export function listPublicArchivedThreads({ state }: Sandbox, request: ApiRequest) {
  const placed = reachHistory(state, request);
  const isPublic = ({ channel }: ThreadEntry) => channel.type !== ChannelType.PrivateThread;
  return json(pageByArchiveTime(state, placed, request, isPublic));
}

export function listPrivateArchivedThreads({ state }: Sandbox, request: ApiRequest) {
  const placed = reachHistory(state, request);
  requirePermission(state, placed, PermissionFlagsBits.ManageThreads);
  const isPrivate = ({ channel }: ThreadEntry) => channel.type === ChannelType.PrivateThread;
  return json(pageByArchiveTime(state, placed, request, isPrivate));
}

/** Those that the bot has joined; paged by thread id, unlike the others. */
export function listJoinedPrivateArchivedThreads({ state }: Sandbox, request: ApiRequest) {
  const placed = reachHistory(state, request);
  const before = queryId(request, 'before');
  const limit = readLimit(request);
  const joined = archivedThreads(placed).filter(
    ({ channel, threadMembers }) =>
      channel.type === ChannelType.PrivateThread &&
      threadMembers.has(state.world.bot.id) &&
      (before === undefined || compareIds(channel.id, before) < 0),
  );
  const byId = newestFirst(joined.map((entry) => ({ id: entry.channel.id, entry })));
  const page = byId.slice(0, limit).map(({ entry }) => entry);
  return json(threadsView(state, placed.guild, page, byId.length > limit));
}

function pageByArchiveTime(
  state: SandboxState,
  placed: PlacedChannel,
  request: ApiRequest,
  isListed: (entry: ThreadEntry) => boolean,
) {
  const limit = readLimit(request);
  const before = readTime(request);
  const found = archivedThreads(placed)
    .filter(isListed)
    .map((entry) => ({ entry, time: archivedAtMicros(entry) }))
    .filter(({ time }) => time < before)
    .sort((a, b) => b.time - a.time || compareIds(b.entry.channel.id, a.entry.channel.id));
  const page = found.slice(0, limit).map(({ entry }) => entry);
  return threadsView(state, placed.guild, page, found.length > limit);
}

function reachHistory(state: SandboxState, request: ApiRequest): PlacedChannel {
  const placed = reachChannel(state, request);
  if (!botMayReadHistory(state, placed)) throw missingAccess();
  return placed;
}

function archivedThreads({ guild, entry }: PlacedChannel): ThreadEntry[] {
  return threadsOf(guild, entry.channel.id).filter(
    (thread): thread is ThreadEntry => isThread(thread.channel) && isArchived(thread.channel),
  );
}

function archivedAtMicros({ channel }: ThreadEntry): number {
  return microsOf(channel.thread_metadata?.archive_timestamp ?? '') || 0;
}

/** Discord's times have microseconds, of which JavaScript's parser drops the last three digits. */
function microsOf(time: string): number {
  const digits = /\.\d{3}(\d{3})/.exec(time)?.[1] ?? '0';
  return Date.parse(time) * 1000 + Number(digits);
}

function readLimit(request: ApiRequest): number {
  return queryInteger(request, 'limit', { least: 2, most: MAX_THREADS, otherwise: DEFAULT_THREADS });
}

function readTime(request: ApiRequest): number {
  const value = request.query.get('before');
  if (value === null || value === '') return Number.POSITIVE_INFINITY;
  const time = /^\d{4}-\d\d-\d\dT/.test(value) ? microsOf(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw invalidForm(
    'before',
    'DATE_TIME_TYPE_PARSE',
    `Could not parse ${value.slice(0, 40)}. Should be ISO8601.`,
  );
}

function threadsView(state: SandboxState, guild: WorldGuild, entries: WorldChannel[], hasMore: boolean) {
  const joined = entries.filter(({ threadMembers }) => threadMembers.has(state.world.bot.id));
  return {
    threads: entries.map((entry) => channelView(state, { guild, entry })),
    members: joined.map(({ channel }) => threadMemberView(channel.id, state.world.bot.id)),
    has_more: hasMore,
  };
}
