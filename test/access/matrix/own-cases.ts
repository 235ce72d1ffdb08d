import { compareFields, compareIds, compareItems } from './compare.ts';
import type { Fields } from './expected.ts';
import { MISSING_UUID } from './objects.ts';
import { type Case, hidden, json, problem, type Question } from './question.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

/** The doors for all, and those that are about the viewer: logins, sessions, tokens, installs. */
export const ownCases: Record<string, Case> = {
  'GET /healthz': () => [{ expect: () => ({ kind: 'text' }) }],
  'GET /readyz': () => [
    { expect: () => json((body) => compareFields('readiness', { isReady: true }, body)) },
  ],
  'GET /api/openapi.json': () => [{ expect: () => ({ kind: 'text' }) }],
  'GET /api/instance': () => [
    {
      expect: () =>
        json((body) => compareFields('instance', { isSandbox: false, mayInstall: 'everybody' }, body)),
    },
  ],
  'GET /auth/login': () => [
    ...['/', '/guilds/1/setup'].map(
      (return_to): Question => ({
        query: { return_to },
        expect: () => ({ kind: 'redirect', to: /^http:\/\/127\.0\.0\.1:\d+\/oauth2\/authorize\?/ }),
      }),
    ),
  ],
  'GET /auth/callback': (stage) => callbackQuestions(stage, () => /^\/login\?outcome=\w+$/),
  'GET /install/callback': (stage) =>
    callbackQuestions(stage, (viewer) =>
      viewer.userId === null
        ? /^\/install\/outcome\?outcome=not_logged_in$/
        : /^\/install\/outcome\?outcome=\w+$/,
    ),
  'POST /auth/logout': () => [{ expect: () => ({ kind: 'asked elsewhere' }) }],
  'GET /api/me': (stage) => [{ expect: (viewer) => json((body) => compareMe(stage, viewer, body)) }],
  'PATCH /api/me': (stage) => [
    {
      body: { showsAgeRestricted: false },
      expect: (viewer) => json((body) => compareMe(stage, viewer, body)),
    },
  ],
  'GET /api/sessions': ({ facts }) => [
    {
      expect: (viewer) =>
        json(({ items }) => compareIds('sessions', ownIds(facts.sessions, viewer), idsOf(items))),
    },
  ],
  'GET /api/tokens': ({ facts }) => [
    {
      expect: (viewer) =>
        json(({ items }) => compareIds('tokens', ownIds(facts.tokens, viewer), idsOf(items))),
    },
  ],
  'DELETE /api/sessions': () => [{ expect: () => ({ kind: 'asked elsewhere' }) }],
  'DELETE /api/sessions/:id': ({ facts }) => ofForeign(facts.sessions),
  'DELETE /api/tokens/:id': ({ facts }) => ofForeign(facts.tokens),
  'POST /api/tokens': (stage) => [
    {
      body: { name: 'made here', scope: 'manage', expiresInDays: 1 },
      expect: (viewer) =>
        viewer.by === 'session'
          ? json((body) => compareFields('token', { name: 'made here', scope: 'manage' }, body), 201)
          : problem(403, 'session_needed'),
      undo: ({ id, token }) => revoke(stage, id, token),
    },
  ],
  'GET /api/me/guilds': (stage) => [
    {
      expect: (viewer) => json(({ items }) => compareItems('guilds', ownGuilds(stage, viewer), items)),
    },
  ],
  'POST /api/installs': (stage) =>
    [...stage.matrix.world.guilds.keys(), stage.matrix.missingId].map((guildId) => ({
      body: { guildId },
      expect: (viewer) => expectInstall(stage, viewer, guildId),
      missing: { body: { guildId: stage.matrix.missingId } },
    })),
};

/** Discord's word is not there: whatever guild the browser names, it learns the same. */
function callbackQuestions({ matrix }: Stage, place: (viewer: Viewer) => RegExp): Question[] {
  const guildIds = [matrix.guilds.main.id, matrix.guilds.bare.id, matrix.missingId];
  return [
    {},
    { code: 'x' },
    { error: 'access_denied' },
    ...guildIds.map((id) => ({ code: 'x', guild_id: id })),
  ].map((query) => ({
    query: { state: 'made-up', ...query },
    kind: 'made-up',
    expect: (viewer) => ({ kind: 'redirect', to: place(viewer) }),
  }));
}

function compareMe({ matrix }: Stage, viewer: Viewer, body: unknown): string[] {
  const user = Object.values(matrix.people).find(({ id }) => id === viewer.userId);
  const { isOperator, scope } = viewer;
  const fields = {
    id: viewer.userId,
    username: user?.username,
    globalName: user?.global_name,
    isOperator,
    scope,
  };
  return compareFields('me', { ...fields, showsAgeRestricted: false }, body);
}

function ownIds(things: ReadonlyMap<string, { userId: string }>, { userId }: Viewer): string[] {
  return [...things].flatMap(([id, thing]) => (thing.userId === userId ? [id] : []));
}

function idsOf(items: { id: string }[]): string[] {
  return items.map(({ id }) => id);
}

/** One of each other user, and what is none. Those of the viewer's own are ended by a test of their own. */
function ofForeign(things: ReadonlyMap<string, { userId: string }>): Question[] {
  const byUser = new Map([...things].map(([id, { userId }]) => [userId, id]));
  return [...byUser, ['', MISSING_UUID]].map(([userId, id = '']) => ({
    path: { id },
    kind: id === MISSING_UUID ? 'missing' : 'foreign',
    expect: (viewer) => (viewer.userId === userId ? { kind: 'asked elsewhere' } : hidden),
    missing: { path: { id: MISSING_UUID } },
  }));
}

/** The token works, and then does no more. */
async function revoke(stage: Stage, id: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const script = { ...stage.viewer('nobody'), headers };
  await stage.act(script, 'GET', '/api/me');
  await stage.act(script, 'DELETE', `/api/tokens/${id}`);
}

function ownGuilds({ matrix, oracle }: Stage, viewer: Viewer): Fields[] {
  return Object.values(matrix.guilds)
    .filter(({ members }) => members.has(viewer.userId ?? ''))
    .map((guild) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      isInstalled: guild.botJoined,
      canManage: guild.botJoined ? oracle.manages(viewer, guild.id) : oracle.mayInstall(viewer, guild),
    }));
}

function expectInstall({ oracle }: Stage, viewer: Viewer, guildId: string) {
  if (viewer.by !== 'session') return problem(403, 'session_needed');
  const guild = oracle.guild(guildId);
  const isMember = guild?.members.has(viewer.userId ?? '');
  if (!guild || !isMember || !oracle.mayInstall(viewer, guild)) return problem(403, 'install_not_a_manager');
  if (guild.botJoined) return problem(409, 'install_already_installed');
  return json(({ url }) => (url.includes(`guild_id=${guildId}`) ? [] : [`leads to ${url}`]), 201);
}
