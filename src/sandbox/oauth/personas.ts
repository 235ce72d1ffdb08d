import type { APIUser } from 'discord-api-types/v10';
import type { World } from '../world.ts';
import { type Standing, standingsOf } from './standing.ts';

/** Somebody that one may be, with what is to know of them. */
export type Persona = {
  user: APIUser;
  /** Why one would want to be them. */
  headline: string;
  standings: Standing[];
};

/** Those worth trying first, and all others. */
export type Cast = { featured: Persona[]; others: Persona[] };

type Kind = { headline: string; fits(standings: readonly Standing[]): boolean };

const some = (standings: readonly Standing[], test: (one: Standing) => boolean) => standings.some(test);
const isHere = ({ guild }: Standing) => guild.botJoined;
const isMember = ({ rank, isTimedOut }: Standing) => rank === 'member' && !isTimedOut;
const couldAdd = ({ guild, canManage }: Standing) => canManage && !guild.botJoined;

/** One person of each kind is featured: the first who fits and is not taken. */
const loginKinds = (app: string): Kind[] => [
  {
    headline: `Owns a server with ${app}, and can add it to another`,
    fits: (all) => some(all, (one) => isHere(one) && one.rank === 'owner') && some(all, couldAdd),
  },
  {
    headline: `New to ${app}, with a server to add it to`,
    fits: (all) => some(all, couldAdd) && !some(all, isHere),
  },
  {
    headline: 'An ordinary member',
    fits: (all) =>
      all.length > 0 &&
      all.every((one) => isHere(one) && isMember(one)) &&
      !some(all, ({ readsMore, readsLess }) => readsMore.length > 0 || readsLess.length > 0),
  },
  {
    headline: 'Reads channels that most do not',
    fits: (all) => all.every(isMember) && some(all, (one) => isHere(one) && one.readsMore.length > 0),
  },
  {
    headline: 'Kept out of channels that most read',
    fits: (all) => all.every(isMember) && some(all, (one) => isHere(one) && one.readsLess.length > 1),
  },
  {
    headline: 'Administrator, but not the owner',
    fits: (all) => some(all, (one) => isHere(one) && one.rank === 'administrator'),
  },
  {
    headline: 'Manages a server of somebody else',
    fits: (all) =>
      some(all, (one) => isHere(one) && one.rank === 'manager') && !some(all, ({ rank }) => rank === 'owner'),
  },
  {
    headline: 'Moderates, but manages nothing',
    fits: (all) =>
      some(all, (one) => isHere(one) && one.rank === 'moderator') && !some(all, ({ canManage }) => canManage),
  },
  { headline: 'Timed out', fits: (all) => some(all, (one) => isHere(one) && one.isTimedOut) },
  { headline: `In no server with ${app}`, fits: (all) => all.length > 0 && !some(all, isHere) },
  { headline: 'In no server at all', fits: (all) => all.length === 0 },
];

export function loginCast(world: World): Cast {
  const people = standingsOf(world);
  const featured: Persona[] = [];
  for (const { headline, fits } of loginKinds(world.application.name)) {
    const found = people.find(
      ({ user, standings }) => fits(standings) && !featured.some((one) => one.user === user),
    );
    if (found) featured.push({ ...found, headline });
  }
  const others = people.filter(({ user }) => !featured.some((one) => one.user === user));
  return { featured, others: others.map((one) => ({ ...one, headline: '' })) };
}

/** Those come first who may add the application to the guild, or to one that is without it. */
export function installCast(world: World, guildId: string | undefined): Cast {
  const app = world.application.name;
  const people = standingsOf(world).map(({ user, standings }) => {
    const managed = standings.filter(({ canManage }) => canManage).map(({ guild }) => guild);
    const fitting = managed.filter(({ id, botJoined }) =>
      guildId === undefined ? !botJoined : id === guildId,
    );
    const names = fitting.map(({ name }) => name).join(', ');
    const otherwise = managed.length > 0 ? `Manages ${managed.map(({ name }) => name).join(', ')}` : '';
    const headline = fitting.length > 0 ? `Can add ${app} to ${names}` : otherwise;
    return { user, standings, headline, isFeatured: fitting.length > 0 };
  });
  return {
    featured: people.filter(({ isFeatured }) => isFeatured),
    others: people.filter(({ isFeatured }) => !isFeatured),
  };
}
