import { PermissionFlagsBits } from 'discord-api-types/v10';
import { isAgeRestricted, isThread, type PlacedChannel } from '../channels.ts';
import { json } from '../http/answer.ts';
import { missingAccess } from '../http/api-error.ts';
import {
  type ApiRequest,
  queryBoolean,
  queryChoice,
  queryId,
  queryIds,
  queryInteger,
} from '../http/request.ts';
import { compareIds, lowerBound } from '../ids.ts';
import { canReadHistory, guildPermissions, hasPermission } from '../permissions.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxState } from '../state.ts';
import { channelView, threadMemberView } from '../views/channel.ts';
import { messageView } from '../views/message.ts';
import type { WorldGuild, WorldMessage } from '../world.ts';
import { reachGuild } from './access.ts';
import { readFilter } from './search-filter.ts';
import { isIndexed, richMessages } from './search-index.ts';

const MAX_HITS = 25;
const MAX_OFFSET = 9975;
const MAX_CHANNELS = 500;

type Hit = { placed: PlacedChannel; message: WorldMessage };

export function searchMessages({ state }: Sandbox, request: ApiRequest) {
  const guild = reachGuild(state, request);
  const limit = queryInteger(request, 'limit', { least: 1, most: MAX_HITS, otherwise: MAX_HITS });
  const offset = queryInteger(request, 'offset', { least: 0, most: MAX_OFFSET, otherwise: 0 });
  // The sandbox has no relevance; it takes the parameter and sorts by time.
  queryChoice(request, 'sort_by', ['timestamp', 'relevance'], 'timestamp');
  const order = queryChoice(request, 'sort_order', ['asc', 'desc'], 'desc');
  const { isMatch, isForRich } = readFilter(state, request);
  const channels = searchableChannels(state, guild, request);
  const botPermissions = guildPermissions(guild, state.world.bot.id);
  if (!hasPermission(botPermissions, PermissionFlagsBits.ReadMessageHistory) && channels.length === 0) {
    throw missingAccess();
  }
  if (state.switches.isIndexing) return notIndexed(state.switches.indexingRetrySecs);
  const flaws = state.switches.searchFlaws;
  const repeats = order === 'desc' ? flaws.repeats : 0;
  const minId = queryId(request, 'min_id');
  const maxId = queryId(request, 'max_id');
  const hits = channels.flatMap((placed) => {
    const messages = isForRich ? richMessages(state, placed.entry) : placed.entry.messages;
    return messagesBetween(messages, minId, repeats > 0 ? undefined : maxId)
      .filter((message) => isMatch(message) && isIndexed(message, flaws))
      .map((message) => ({ placed, message }));
  });
  hits.sort((a, b) => compareIds(a.message.id, b.message.id) * (order === 'asc' ? 1 : -1));
  const above = hits.filter(
    ({ message }) => maxId !== undefined && compareIds(message.id, maxId) >= 0,
  ).length;
  const start = Math.max(0, above - repeats) + offset;
  const page = hits.slice(start, start + Math.min(limit, flaws.mostHits));
  return json(searchView(state, guild, page, Math.max(0, hits.length - above + flaws.totalError)));
}

function notIndexed(retrySecs: number) {
  const message = 'Index not yet available. Try again later';
  return json({ message, code: 110000, documents_indexed: 0, retry_after: retrySecs }, 202);
}

/** Those with a history that the bot may read; age-restricted ones only when asked for. */
function searchableChannels(state: SandboxState, guild: WorldGuild, request: ApiRequest): PlacedChannel[] {
  const wanted = new Set(queryIds(request, 'channel_id', MAX_CHANNELS));
  const includesAgeRestricted = queryBoolean(request, 'include_nsfw');
  return [...guild.channels.values()]
    .filter(
      ({ channel }) =>
        (wanted.size === 0 || wanted.has(channel.id)) &&
        (includesAgeRestricted || !isAgeRestricted(guild, channel)) &&
        canReadHistory(guild, channel, state.world.bot.id),
    )
    .map((entry) => ({ guild, entry }));
}

/** `min_id` and `max_id` are exclusive. */
function messagesBetween(messages: WorldMessage[], minId?: string, maxId?: string): WorldMessage[] {
  const start = minId === undefined ? 0 : lowerBound(messages, String(BigInt(minId) + 1n));
  const end = maxId === undefined ? messages.length : lowerBound(messages, maxId);
  return start === 0 && end === messages.length ? messages : messages.slice(start, end);
}

function searchView(state: SandboxState, guild: WorldGuild, hits: Hit[], total: number) {
  const threads = new Set(hits.map(({ placed }) => placed.entry).filter(({ channel }) => isThread(channel)));
  const joined = [...threads].filter(({ threadMembers }) => threadMembers.has(state.world.bot.id));
  return {
    doing_deep_historical_index: false,
    total_results: total,
    messages: hits.map(({ placed, message }) => [
      {
        ...messageView(state, placed, message, {
          mayReadContent: state.switches.messageContent,
          hasReactions: false,
        }),
        hit: true,
      },
    ]),
    ...(threads.size > 0 && {
      threads: [...threads].map((entry) => channelView(state, { guild, entry })),
      members: joined.map(({ channel }) => threadMemberView(channel.id, state.world.bot.id)),
    }),
  };
}
