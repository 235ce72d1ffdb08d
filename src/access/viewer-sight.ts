import type { Database } from '../db/database.ts';
import { getGuild } from '../db/guilds.ts';
import { forgetMember, storeMembers } from '../db/member-roles.ts';
import type { Sight } from '../db/sight.ts';
import { storeThreadMemberships } from '../db/thread-members.ts';
import {
  readMemberState,
  readSightSources,
  readSightState,
  type SightSource,
  type SightState,
  storeViewerChannels,
} from '../db/viewer-channels.ts';
import { listViewerGuilds } from '../db/viewer-guilds.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import type { GuildLists } from './guild-lists.ts';
import { mayInstall } from './install.ts';
import type { MemberAnswer, MemberReader } from './member-reader.ts';
import type { Viewer } from './viewer.ts';
import { canManage, standingOf, visibleChannelsOf } from './visible-channels.ts';

/** `unknown`: Discord does not answer, and what it said before is too old to act upon. */
export type Managing = 'yes' | 'no' | 'unknown';

export type OwnGuild = {
  id: string;
  name: string;
  icon: string | null;
  /** The bot is there. */
  isInstalled: boolean;
  /** The viewer manages it; where the bot is not, so that they may add it. */
  canManage: boolean;
};

export type ViewerSightsOptions = { db: Database; members: MemberReader; lists: GuildLists };

const ASKED_AT_ONCE = 8; // of all that one viewer waits for
const MAX_ASKED_THREADS = 25; // of one preparation; the rest is shown by later ones
const MAX_ROUNDS = 3; // computations in a row of a guild that changes meanwhile; then it is shown by a later one

/**
 * What each viewer sees, kept up to date. All requests of viewers go through `prepareSight` first, and then look
 * through the sight that it answers. Where all is fresh, that is one statement.
 */
export class ViewerSights {
  readonly #options: ViewerSightsOptions;

  constructor(options: ViewerSightsOptions) {
    this.#options = options;
  }

  async prepareSight({ userId, isOperator }: Viewer): Promise<Sight> {
    const state = await this.#readState(userId);
    if (isOperator) return 'everything';
    const stale = state.guilds.filter((guild) => !guild.isFresh);
    if (stale.length > 0) {
      const { closed, unanswered } = await this.#readMembers(userId, stale, state.askedAt);
      const shown = stale.filter(({ guildId }) => !closed.has(guildId));
      await this.#compute(userId, shown, unanswered, state.askedAt);
    }
    return { userId };
  }

  /** As of this minute. */
  async mayManage({ userId, isOperator }: Viewer, guildId: string): Promise<Managing> {
    const { db, members } = this.#options;
    if (isOperator) return (await getGuild(db, guildId)) === null ? 'no' : 'yes';
    const state = await readMemberState(db, userId, guildId);
    if (state === null) return 'no';
    if (!state.areRolesNew) {
      const answer = await members.readMember(guildId, userId, state.askedAt);
      if (answer.kind === 'unknown') return 'unknown';
      if (answer.kind === 'closed') return 'no';
      await this.#storeAnswers(userId, [{ guildId, answer }]);
    }
    const [source] = await readSightSources(db, userId, [guildId]);
    return source && canManage(standingOf(userId, source)) ? 'yes' : 'no';
  }

  /** The viewer's guilds on Discord, whether or not the bot is there. */
  async listOwnGuilds(viewer: Viewer): Promise<OwnGuild[]> {
    await this.prepareSight(viewer);
    const guilds = await listViewerGuilds(this.#options.db, viewer);
    return guilds.map(({ id, name, icon, isInstalled, canManageThere, ...told }) => ({
      ...{ id, name, icon, isInstalled },
      canManage: canManageThere ?? mayInstall(told),
    }));
  }

  async #readState(userId: string): Promise<SightState> {
    const { db, lists } = this.#options;
    const state = await readSightState(db, userId);
    if (state.isListFresh || !(await lists.refresh(userId))) return state;
    return readSightState(db, userId);
  }

  /** Answers the guilds of which Discord did not tell, and those that are closed to the bot: they show nothing. */
  async #readMembers(
    userId: string,
    guilds: SightState['guilds'],
    askedAt: string,
  ): Promise<{ closed: ReadonlySet<string>; unanswered: ReadonlySet<string> }> {
    const asked = guilds.filter((guild) => !guild.areRolesFresh);
    const answers = await sideBySide(asked, ASKED_AT_ONCE, async ({ guildId }) => ({
      guildId,
      answer: await this.#options.members.readMember(guildId, userId, askedAt),
    }));
    await this.#storeAnswers(userId, answers);
    const guildsOf = (kind: MemberAnswer['kind']) =>
      new Set(answers.filter(({ answer }) => answer.kind === kind).map(({ guildId }) => guildId));
    return { closed: guildsOf('closed'), unanswered: guildsOf('unknown') };
  }

  async #storeAnswers(userId: string, answers: { guildId: string; answer: MemberAnswer }[]): Promise<void> {
    const { db } = this.#options;
    await storeMembers(
      db,
      userId,
      answers.flatMap(({ guildId, answer }) => (answer.kind === 'member' ? [{ guildId, ...answer }] : [])),
    );
    await forgetMember(
      db,
      userId,
      answers.flatMap(({ guildId, answer }) => (answer.kind === 'stranger' ? [{ guildId, ...answer }] : [])),
    );
  }

  async #compute(
    userId: string,
    guilds: SightState['guilds'],
    unanswered: ReadonlySet<string>,
    askedAt: string,
  ): Promise<void> {
    const { db } = this.#options;
    let left = guilds.map(({ guildId }) => guildId);
    for (let round = 1; round <= MAX_ROUNDS && left.length > 0; round += 1) {
      let sources = await readSightSources(db, userId, left);
      if (round === 1 && (await this.#askThreads(userId, sources, askedAt))) {
        sources = await readSightSources(db, userId, left);
      }
      const sights = sources.map((source) => {
        const { unasked, ...visible } = visibleChannelsOf(userId, source);
        const { guildId, version } = source;
        const areRolesOld = unanswered.has(guildId);
        return { guildId, version, ...visible, areRolesOld, isUnfinished: unasked.length > 0 };
      });
      const stored = new Set(await storeViewerChannels(db, userId, sights));
      left = sights.map(({ guildId }) => guildId).filter((guildId) => !stored.has(guildId));
    }
  }

  /** False: there was none to ask about. Those never asked about first, so that all come their turn; of these the newest. */
  async #askThreads(userId: string, sources: readonly SightSource[], askedAt: string): Promise<boolean> {
    const unasked = sources.flatMap((source) =>
      visibleChannelsOf(userId, source).unasked.map((thread) => ({ ...thread, guildId: source.guildId })),
    );
    if (unasked.length === 0) return false;
    const inOrder = unasked
      .map((thread) => ({ ...thread, newest: BigInt(thread.newestMessageId ?? thread.channelId) }))
      .sort(
        (a, b) =>
          Number(a.membership !== null) - Number(b.membership !== null) ||
          Number(a.newest < b.newest) - Number(a.newest > b.newest),
      );
    const answers = await sideBySide(
      inOrder.slice(0, MAX_ASKED_THREADS),
      ASKED_AT_ONCE,
      async ({ channelId, guildId }) => ({
        channelId,
        answer: await this.#options.members.readThreadMember(channelId, guildId, userId, askedAt),
      }),
    );
    await storeThreadMemberships(
      this.#options.db,
      userId,
      answers.flatMap(({ channelId, answer }) => (answer.kind === 'told' ? [{ channelId, ...answer }] : [])),
    );
    return true;
  }
}
