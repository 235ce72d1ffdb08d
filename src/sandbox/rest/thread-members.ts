import { isThread, type PlacedChannel } from '../channels.ts';
import { json } from '../http/answer.ts';
import { missingAccess, unknownMember, wrongChannelType } from '../http/api-error.ts';
import { type ApiRequest, pathId, queryBoolean, queryId, queryInteger } from '../http/request.ts';
import { compareIds } from '../ids.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxState } from '../state.ts';
import { threadMemberView } from '../views/channel.ts';
import { memberView } from '../views/user.ts';
import { reachChannel } from './access.ts';

const MAX_MEMBERS = 100;

export function getThreadMember({ state }: Sandbox, request: ApiRequest) {
  const placed = reachThread(state, request);
  const userId = request.params.user === '@me' ? state.world.bot.id : pathId(request, 'user');
  const hasMember = queryBoolean(request, 'with_member');
  // Discord documents the 404 without its code; whoever asks should go by the status.
  if (!placed.entry.threadMembers.has(userId)) throw unknownMember();
  return json(view(placed, userId, hasMember));
}

/** All at once, or by rising user id in pages when their guild membership is asked for as well. */
export function listThreadMembers({ state }: Sandbox, request: ApiRequest) {
  const placed = reachThread(state, request);
  const hasMember = queryBoolean(request, 'with_member');
  const limit = queryInteger(request, 'limit', { least: 1, most: MAX_MEMBERS, otherwise: MAX_MEMBERS });
  const after = queryId(request, 'after') ?? '0';
  if (!state.switches.guildMembers) throw missingAccess();
  const userIds = [...placed.entry.threadMembers].sort(compareIds);
  const page = hasMember ? userIds.filter((id) => compareIds(id, after) > 0).slice(0, limit) : userIds;
  return json(page.map((userId) => view(placed, userId, hasMember)));
}

function reachThread(state: SandboxState, request: ApiRequest): PlacedChannel {
  const placed = reachChannel(state, request);
  if (!isThread(placed.entry.channel)) throw wrongChannelType();
  return placed;
}

function view({ guild, entry }: PlacedChannel, userId: string, hasMember: boolean) {
  const member = hasMember ? guild.members.get(userId) : undefined;
  return { ...threadMemberView(entry.channel.id, userId), ...(member && { member: memberView(member) }) };
}
