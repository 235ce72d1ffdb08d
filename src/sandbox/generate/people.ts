import type { APIUser, UserFlags } from 'discord-api-types/v10';
import { createIdMint, type IdMint } from './id-mint.ts';
import type { Random } from './random.ts';
import { DAY_MS, WORLD_END_MS } from './world-time.ts';

/** Invented people: user name → display name (null: none set). Any likeness to a real handle is chance. */
const handles: Record<string, string | null> = {
  mossbyte: 'Mossbyte',
  'kettle.fern': 'Kettle Fern 🌿',
  yuzu_hane: 'ゆず羽',
  ondrejka_k: 'Ondřejka',
  petit_nuage_: 'Petit Nuage ☁️',
  svalbruk: 'Svålbruk',
  marimba_tl: '마림바',
  lastochka_77: 'Ласточка',
  'najma.star': 'نجمة',
  quillwort: null,
  tofu_comet: 'Tofu Comet',
  brisk_otter: 'Brisk Otter 🦦',
  papelera: 'Señorita Papel',
  holzwurm_: 'Holzwürmchen',
  'grid.sparrow': 'Grid Sparrow',
  noodle_atlas: 'Noodle Atlas',
  velvet_hex: 'velvet hex',
  okra_ferry: 'Okra',
  tamarind_t: 'Tamarind',
  pebble_dash: 'Pebble Dash',
  ljusglimt: 'Ljusglimt',
  bao_drift: '包包漂流',
  coralroot: 'Coralroot',
  mistral_y: 'Mistral',
  umbra_pilot: 'Umbra Pilot',
  'fennel.ok': 'fennel',
  zirkonfisch: 'Zirkonfisch',
  harbour_gull: 'Harbour Gull',
  rook_n_ramble: 'Rook & Ramble',
  ondas_verdes: 'Ondas Verdes',
  slow_lantern: 'Slow Lantern',
  teal_anvil: 'Teal Anvil',
  nimbusflicker: 'Nimbus "Flick" er',
  wren_abacus: null,
  kumo_san_: 'くもさん',
  hazel_orbit: 'Hazel Orbit 🪐',
};

/** Who came last and has posted nothing: people to try Clipdex as, who are in none of its guilds. */
const newcomers: Record<string, string | null> = {
  reed_piper: 'Reed Piper',
  dusk_heron: 'Dusk Heron',
  pine_marten_: 'Pine Marten',
};

/** Bots of the communities besides Clipdex. */
const botHandles = ['Tidekeeper', 'Reelkeeper'];

export const NEWCOMERS_SINCE_MS = WORLD_END_MS - 20 * DAY_MS;

export type People = {
  clipdex: APIUser;
  /** All by user name, bots included. */
  byHandle: Map<string, APIUser>;
};

export function makePeople(random: Random, mintId: IdMint): People {
  const byHandle = new Map<string, APIUser>();
  const someTime = (yearsAgo: number) =>
    WORLD_END_MS - Math.floor((yearsAgo + 3 * random.next()) * 365 * DAY_MS);
  for (const [handle, displayName] of Object.entries(handles)) {
    byHandle.set(handle, makeUser(mintId(someTime(5.2)), handle, displayName, '0'));
  }
  for (const name of botHandles) {
    byHandle.set(name, { ...makeUser(mintId(someTime(5.2)), name, null, '4127'), bot: true });
  }
  const clipdex: APIUser = { ...makeUser(mintId(someTime(5.2)), 'Clipdex', null, '2210'), bot: true };
  byHandle.set(clipdex.username, clipdex);
  // A mint of their own, so that the ids of the others do not depend on how many they are.
  const mintNewcomerId = createIdMint();
  for (const [handle, displayName] of Object.entries(newcomers)) {
    byHandle.set(handle, makeUser(mintNewcomerId(NEWCOMERS_SINCE_MS), handle, displayName, '0'));
  }
  return { clipdex, byHandle };
}

export function personOf(people: People, handle: string): APIUser {
  const user = people.byHandle.get(handle);
  if (!user) throw new Error(`the plans name ${handle}, who is not in people.ts`);
  return user;
}

/** Discord's enum has no name for none. */
const NO_FLAGS = 0 as UserFlags;

function makeUser(id: string, username: string, displayName: string | null, discriminator: string): APIUser {
  return {
    id,
    username,
    discriminator,
    global_name: displayName,
    avatar: null,
    banner: null,
    public_flags: NO_FLAGS,
    flags: NO_FLAGS,
    primary_guild: null,
  };
}
