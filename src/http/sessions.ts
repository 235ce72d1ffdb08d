import { sessionPage } from './contract/viewer.ts';
import { dropSessionCookie } from './cookies.ts';
import { action } from './door.ts';
import { sessionId } from './parameters.ts';
import { notFound } from './problem.ts';

export const listSessions = action({
  summary: "The viewer's sessions: browsers that are logged in",
  answer: sessionPage,
  async handle({ access }, { viewer }) {
    const sessions = await access.listSessions(viewer);
    const items = sessions.map((session) => ({
      id: session.id,
      userAgent: session.userAgent,
      isCurrent: session.id === viewer.session,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
    }));
    return { items, next: null };
  },
});

export const endSession = action({
  summary: 'Logs one browser of the viewer out',
  path: { id: sessionId },
  answer: null,
  status: 204,
  async handle({ access, origin }, { viewer, path, context }) {
    if (!(await access.endSession(viewer, path.id))) throw notFound('There is no such session.');
    if (path.id === viewer.session) dropSessionCookie(context, origin);
    return undefined;
  },
});

export const endAllSessions = action({
  summary: 'Logs the viewer out everywhere. API tokens stay',
  answer: null,
  status: 204,
  async handle({ access, origin }, { viewer, context }) {
    await access.endAllSessions(viewer);
    dropSessionCookie(context, origin);
    return undefined;
  },
});
