import { json } from '../http/answer.ts';
import { missingAccess, unknownGuild, unknownMember } from '../http/api-error.ts';
import { type ApiRequest, pathId, queryBoolean, queryId, queryInteger } from '../http/request.ts';
import { compareIds } from '../ids.ts';
import type { Sandbox } from '../sandbox.ts';
import { guildView, ownGuildView, roleView } from '../views/guild.ts';
import { memberView } from '../views/user.ts';
import { reachGuild } from './access.ts';

const MAX_MEMBERS = 1000;
const MAX_GUILDS = 200;

export function getGuild({ state }: Sandbox, request: ApiRequest) {
  return json(guildView(reachGuild(state, request), queryBoolean(request, 'with_counts')));
}

export function listRoles({ state }: Sandbox, request: ApiRequest) {
  return json([...reachGuild(state, request).roles.values()].map(roleView));
}

export function getMember({ state }: Sandbox, request: ApiRequest) {
  const member = reachGuild(state, request).members.get(pathId(request, 'user'));
  if (!member) throw unknownMember();
  return json(memberView(member));
}

/** By rising user id. Needs the privileged intent GUILD_MEMBERS on the application. */
export function listMembers({ state }: Sandbox, request: ApiRequest) {
  const guild = reachGuild(state, request);
  if (!state.switches.guildMembers) throw missingAccess();
  const limit = queryInteger(request, 'limit', { least: 1, most: MAX_MEMBERS, otherwise: 1 });
  const after = queryId(request, 'after') ?? '0';
  const members = [...guild.members.values()]
    .filter(({ user }) => compareIds(user.id, after) > 0)
    .sort((a, b) => compareIds(a.user.id, b.user.id));
  return json(members.slice(0, limit).map(memberView));
}

/** The guilds of whoever asks: the bot's, or a user's by OAuth. By rising id. */
export function listOwnGuilds({ state }: Sandbox, request: ApiRequest) {
  const { caller } = request;
  const userId = caller.kind === 'nobody' ? '' : caller.userId;
  const limit = queryInteger(request, 'limit', { least: 1, most: MAX_GUILDS, otherwise: MAX_GUILDS });
  const after = queryId(request, 'after');
  const before = queryId(request, 'before');
  const hasCounts = queryBoolean(request, 'with_counts');
  const guilds = [...state.world.guilds.values()]
    .filter(({ members }) => members.has(userId))
    .filter(({ id }) => after === undefined || compareIds(id, after) > 0)
    .filter(({ id }) => before === undefined || compareIds(id, before) < 0)
    .sort((a, b) => compareIds(a.id, b.id));
  // `before` asks for those next to it, so the page is the end of the list.
  const page = before !== undefined && after === undefined ? guilds.slice(-limit) : guilds.slice(0, limit);
  return json(page.map((guild) => ownGuildView(guild, userId, hasCounts)));
}

/** One's own membership, for a user with the scope `guilds.members.read`. */
export function getOwnMember({ state }: Sandbox, request: ApiRequest) {
  const { caller } = request;
  const guild = state.world.guilds.get(pathId(request, 'guild'));
  const member = caller.kind === 'user' ? guild?.members.get(caller.userId) : undefined;
  if (!member) throw unknownGuild();
  return json(memberView(member));
}
