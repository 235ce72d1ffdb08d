import type { APIUser } from 'discord-api-types/v10';
import type { World } from '../../world.ts';
import type { AuthorizeRequest } from '../authorize-request.ts';
import { type InstallPlace, installPlaces } from '../install-places.ts';
import { BOXES_FIELD, requestedPermissions } from '../requested-permissions.ts';
import { decideButtons } from './decide-buttons.ts';
import { frame } from './frame.ts';
import { type Markup, markup } from './markup.ts';
import { displayName, picture } from './people-list.ts';
import { scopeList } from './scope-list.ts';

/** Where the bot is to go, and with which permissions, for somebody who is known by now. */
export function installPage(
  world: World,
  asked: AuthorizeRequest,
  person: APIUser,
  query: URLSearchParams,
): Markup {
  const { name } = world.application;
  const places = installPlaces(world, asked, person.id);
  const canApprove = places.some(({ refusal }) => refusal === undefined);
  return frame(
    `Add ${name} to a server`,
    markup`<p class="who">${picture(person)}
<span>You are <b><bdi>${displayName(person)}</bdi></b> <span class="handle">@${person.username}</span>.</span>
<a href="${someoneElse(query)}">Be somebody else</a></p>
${scopeList(name, asked.scopes)}
<form method="post">
<input type="hidden" name="user_id" value="${person.id}">
${canApprove ? guildFields(places, name) : nowhere(places, name, person)}
${canApprove && permissionFields(asked.permissions)}
${decideButtons(canApprove)}
</form>`,
  );
}

function someoneElse(query: URLSearchParams): string {
  const other = new URLSearchParams(query);
  other.set('as', '');
  return `?${other}`;
}

function guildFields(places: readonly InstallPlace[], app: string): Markup {
  const first = places.find(({ refusal }) => refusal === undefined);
  return markup`<fieldset>
<legend>Which server?</legend>
<div class="cards">${places.map((place) => guildCard(place, app, place === first))}</div>
</fieldset>`;
}

function guildCard({ guild, refusal }: InstallPlace, app: string, isChosen: boolean): Markup {
  const presence = guild.botJoined
    ? `${app} is there already: it gets the permissions below.`
    : `${app} is not there yet.`;
  const note = refusal ?? presence;
  const ids = { name: `guild-${guild.id}`, note: `note-${guild.id}` };
  const state = refusal === undefined ? (isChosen ? markup` checked` : '') : markup` disabled`;
  return markup`<label class="card${refusal === undefined ? '' : ' closed'}">
<input type="radio" name="guild_id" value="${guild.id}" aria-labelledby="${ids.name}" aria-describedby="${ids.note}" required${state}>
<span class="no-picture name" id="${ids.name}"><bdi>${guild.name}</bdi></span>
<span class="facts" id="${ids.note}">${note}</span>
</label>
`;
}

function nowhere(places: readonly InstallPlace[], app: string, person: APIUser): Markup {
  const reasons = places.map(
    ({ guild, refusal = '' }) => markup`<li><b><bdi>${guild.name}</bdi></b>: ${refusal}</li>`,
  );
  return markup`<fieldset>
<legend>There is no server that <bdi>${displayName(person)}</bdi> may add ${app} to</legend>
<ul>${reasons}</ul>
</fieldset>`;
}

function permissionFields(permissions: string): Markup | false {
  const requested = requestedPermissions(permissions);
  if (requested.length === 0) return false;
  const boxes = requested.map(
    ({ field, label }) =>
      markup`<label class="box"><input type="checkbox" name="${field}" checked> ${label}</label>`,
  );
  return markup`<fieldset>
<legend>What may it do there?</legend>
<input type="hidden" name="${BOXES_FIELD}" value="shown">
${boxes}
</fieldset>`;
}
