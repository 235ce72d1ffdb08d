import type { APIUser } from 'discord-api-types/v10';
import type { Cast, Persona } from '../personas.ts';
import type { Standing } from '../standing.ts';
import { type Markup, markup } from './markup.ts';

/** Cards to choose a person from, in the field `field`; those who are not featured are folded away. */
export function peopleList(app: string, cast: Cast, field: string, chosen: APIUser | undefined): Markup {
  const first = chosen ?? cast.featured[0]?.user;
  const card = (persona: Persona) => personCard(app, persona, field, persona.user === first);
  const isFolded = cast.others.every(({ user }) => user !== first);
  return markup`<fieldset>
<legend>Who do you want to be?</legend>
<div class="cards">${cast.featured.map(card)}</div>
<details${isFolded ? markup`` : markup` open`}>
<summary>Everybody else (${cast.others.length})</summary>
<div class="cards">${cast.others.map(card)}</div>
</details>
</fieldset>`;
}

export function displayName(user: APIUser): string {
  return user.global_name ?? user.username;
}

/** One of Discord's default pictures, by which the same person is known again. */
export function picture(user: APIUser): Markup {
  return markup`<img src="/embed/avatars/${encodeURIComponent(displayName(user))}.png" alt="" width="40" height="40">`;
}

function personCard(
  app: string,
  { user, headline, standings }: Persona,
  field: string,
  isChosen: boolean,
): Markup {
  const [name, facts] = [`name-${user.id}`, `facts-${user.id}`];
  return markup`<label class="card">
<input type="radio" name="${field}" value="${user.id}" aria-labelledby="${name}" aria-describedby="${facts}" required${isChosen ? markup` checked` : ''}>
${picture(user)}
<span id="${name}">
<span class="name"><bdi>${displayName(user)}</bdi></span> <span class="handle">@${user.username}</span>
${headline !== '' && markup`<span class="headline">${headline}</span>`}
</span>
<span class="facts" id="${facts}">${factsOf(standings, app)}</span>
</label>
`;
}

function factsOf(standings: readonly Standing[], app: string): Markup[] {
  if (standings.length === 0) return [markup`In no server.`];
  return standings.map(
    (one) => markup`<span><b><bdi>${one.guild.name}</bdi></b>: ${sentence(one, app)}. </span>`,
  );
}

function sentence(
  { guild, rank, roleNames, readsMore, readsLess, isTimedOut }: Standing,
  app: string,
): string {
  return [
    rank,
    roleNames.length > 0 && `role ${roleNames.join(', ')}`,
    isTimedOut && 'timed out',
    !guild.botJoined && `${app} is not there`,
    guild.botJoined && readsMore.length > 0 && `reads ${readsMore.join(', ')} too`,
    guild.botJoined && readsLess.length > 0 && `does not read ${readsLess.join(', ')}`,
  ]
    .filter((part) => part !== false)
    .join('; ');
}
