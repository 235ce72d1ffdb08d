import {
  listIndexPasses,
  placeOfPass,
  type ShownIndexPass,
  type IndexPass as StoredPass,
} from '../db/index-passes.ts';
import { canSeeGuild } from '../db/sight.ts';
import { type IndexPass, indexPassPage } from './contract/run.ts';
import { encodeRunCursor } from './cursor.ts';
import { action } from './door.ts';
import { unknownGuild } from './guilds.ts';
import { toPage } from './page.ts';
import { pageSize, runCursor, snowflake } from './parameters.ts';

export const getIndexPasses = action({
  summary: "Passes over Discord's search index of a guild, newest first",
  path: { id: snowflake },
  query: { cursor: runCursor.optional(), limit: pageSize },
  answer: indexPassPage,
  async handle({ db }, { path, query, sight }) {
    const eyes = await sight();
    if (!(await canSeeGuild(db, eyes, path.id))) throw unknownGuild(path.id);
    const { cursor: after, limit } = query;
    const found = await listIndexPasses(db, eyes, { guildId: path.id, after, limit: limit + 1 });
    return toPage(found, {
      limit,
      toItem: (pass) => toIndexPass(pass),
      cursorOf: (last) => encodeRunCursor(placeOfPass(last)),
    });
  },
});

type Counter = 'pages' | 'messagesFound' | 'videosFound';
/** Of which all is told. */
export type WholeIndexPass = Omit<IndexPass, Counter> & Record<Counter, string>;

export function toIndexPass(pass: StoredPass): WholeIndexPass;
export function toIndexPass(pass: ShownIndexPass): IndexPass;
export function toIndexPass(pass: ShownIndexPass): IndexPass {
  return {
    id: pass.id,
    guildId: pass.guildId,
    guildName: pass.guildName,
    status: pass.status,
    requestedBy: pass.requestedBy,
    pages: pass.pages?.toString() ?? null,
    messagesFound: pass.messagesFound?.toString() ?? null,
    videosFound: pass.videosFound?.toString() ?? null,
    reason: pass.reason,
    errorMessage: pass.errorMessage,
    parkedUntil: pass.parkedUntil?.toISOString() ?? null,
    createdAt: pass.createdAt.toISOString(),
    startedAt: pass.startedAt?.toISOString() ?? null,
    finishedAt: pass.finishedAt?.toISOString() ?? null,
  };
}
