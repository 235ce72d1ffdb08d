import { Hono } from 'hono';
import { getChannel, listChannels, listThreads, patchChannel, patchChannels } from './channels.ts';
import { getCoverage } from './coverage.ts';
import { type Door, door, openAction } from './door.ts';
import { followEvents } from './events.ts';
import { handleFailure } from './failures.ts';
import {
  identifyRequest,
  keepPrivate,
  limitBody,
  limitUrl,
  requireOwnName,
  requireOwnPage,
  secureHeaders,
  type Variables,
} from './guards.ts';
import { getGuildSetup, postGuildSetup } from './guild-setup.ts';
import { getGuild, listGuilds, listOwnGuilds } from './guilds.ts';
import { sayAlive, sayReady } from './health.ts';
import { getIndexPasses } from './index-passes.ts';
import { beginInstall, returnFromInstall } from './installs.ts';
import { getInstance } from './instance.ts';
import {
  changeLimit,
  doctorLimit,
  installLimit,
  linkLimit,
  loginLimit,
  returnLimit,
  searchLimit,
} from './limits.ts';
import { logIn, logOut, returnFromLogin } from './login.ts';
import { getMe, patchMe } from './me.ts';
import { getMetrics } from './metrics.ts';
import { measureRequests } from './metrics-registry.ts';
import { openDoors } from './open-doors.ts';
import { describeApi } from './openapi.ts';
import { getKeyFigures, listFindings } from './operator.ts';
import { listScheduledJobs, runScheduledJob } from './operator-jobs.ts';
import { asksForPage, notFound, sendProblem } from './problem.ts';
import { cancelRun, getRun, getRuns, retryRun, scanChannel, scanWholeGuild } from './runs.ts';
import type { Services } from './services.ts';
import { endAllSessions, endSession, listSessions } from './sessions.ts';
import {
  getSettingsOfChannel,
  getSettingsOfGuild,
  patchSettingsOfChannel,
  patchSettingsOfGuild,
  putSettingsOfChannel,
  putSettingsOfGuild,
} from './settings.ts';
import { type StaticFiles, serveFile, servePage } from './static-files.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';
import { showPoster, streamVideo } from './video-files.ts';
import { getVideo, getVideoCount, getVideos } from './videos.ts';

/** It takes a hundred times as long as other answers to make, and anyone may ask for it: it is made once. */
let description: string | undefined;

const getDescription = openAction({
  summary: 'This description (OpenAPI 3.1)',
  answer: null,
  handle(_, { context }) {
    description ??= JSON.stringify(describeApi(doors));
    return context.body(description, 200, { 'Content-Type': 'application/json' });
  },
});

/** Every door of the web role, and who may come in. Pages are below: they hold nothing of anybody's. */
export const doors: readonly Door[] = [
  door('GET', '/healthz', 'anyone', sayAlive),
  door('GET', '/readyz', 'anyone', sayReady),
  door('GET', '/metrics', 'operator', getMetrics),
  door('GET', '/api/operator/doctor', 'operator', listFindings, doctorLimit),
  door('GET', '/api/operator/figures', 'operator', getKeyFigures),
  door('GET', '/api/operator/jobs', 'operator', listScheduledJobs),
  door('POST', '/api/operator/jobs/:name/runs', 'operator', runScheduledJob, changeLimit),
  door('GET', '/api/openapi.json', 'anyone', getDescription),
  door('GET', '/api/instance', 'anyone', getInstance),

  door('GET', '/auth/login', 'anyone', logIn, loginLimit),
  door('GET', '/auth/callback', 'anyone', returnFromLogin, returnLimit),
  door('POST', '/auth/logout', 'viewer', logOut),
  door('GET', '/api/me', 'viewer', getMe),
  door('PATCH', '/api/me', 'viewer', patchMe, changeLimit),
  door('GET', '/api/sessions', 'viewer', listSessions),
  door('DELETE', '/api/sessions', 'viewer', endAllSessions, changeLimit),
  door('DELETE', '/api/sessions/:id', 'viewer', endSession, changeLimit),
  door('GET', '/api/tokens', 'viewer', listTokens),
  door('POST', '/api/tokens', 'viewer', createToken, changeLimit),
  door('DELETE', '/api/tokens/:id', 'viewer', revokeToken, changeLimit),

  door('POST', '/api/installs', 'viewer', beginInstall, installLimit),
  door('GET', '/install/callback', 'anyone', returnFromInstall, returnLimit),
  door('GET', '/api/me/guilds', 'viewer', listOwnGuilds, searchLimit),

  door('GET', '/api/guilds', 'viewer', listGuilds),
  door('GET', '/api/guilds/:id', 'viewer', getGuild),
  door('GET', '/api/guilds/:id/settings', 'viewer', getSettingsOfGuild),
  door('PATCH', '/api/guilds/:id/settings', 'manager', patchSettingsOfGuild, changeLimit),
  door('PUT', '/api/guilds/:id/settings', 'manager', putSettingsOfGuild, changeLimit),
  door('GET', '/api/guilds/:id/channels', 'viewer', listChannels),
  door('PATCH', '/api/guilds/:id/channels', 'manager', patchChannels, changeLimit),
  door('GET', '/api/guilds/:id/index-passes', 'viewer', getIndexPasses),
  door('POST', '/api/guilds/:id/runs', 'manager', scanWholeGuild, changeLimit),
  door('GET', '/api/guilds/:id/setup', 'manager', getGuildSetup),
  door('POST', '/api/guilds/:id/setup', 'manager', postGuildSetup, changeLimit),

  door('GET', '/api/channels/:id', 'viewer', getChannel),
  door('PATCH', '/api/channels/:id', 'manager', patchChannel, changeLimit),
  door('GET', '/api/channels/:id/settings', 'viewer', getSettingsOfChannel),
  door('PATCH', '/api/channels/:id/settings', 'manager', patchSettingsOfChannel, changeLimit),
  door('PUT', '/api/channels/:id/settings', 'manager', putSettingsOfChannel, changeLimit),
  door('GET', '/api/channels/:id/threads', 'viewer', listThreads),
  door('GET', '/api/channels/:id/coverage', 'viewer', getCoverage),
  door('POST', '/api/channels/:id/runs', 'manager', scanChannel, changeLimit),

  door('GET', '/api/runs', 'viewer', getRuns),
  door('GET', '/api/runs/:id', 'viewer', getRun),
  door('POST', '/api/runs/:id/cancel', 'manager', cancelRun, changeLimit),
  door('POST', '/api/runs/:id/retry', 'manager', retryRun, changeLimit),

  door('GET', '/api/events', 'viewer', followEvents),

  door('GET', '/api/videos', 'viewer', getVideos, searchLimit),
  door('GET', '/api/videos/count', 'viewer', getVideoCount, searchLimit),
  door('GET', '/api/videos/:id', 'viewer', getVideo),
  door('GET', '/videos/:id/stream', 'viewer', streamVideo, linkLimit),
  door('GET', '/videos/:id/poster', 'viewer', showPoster, linkLimit),
];

/** Addresses that the page's own router knows. */
const pages = [
  '/',
  '/login',
  '/videos/:id',
  '/install',
  '/install/outcome',
  '/guilds/:id/setup',
  '/guilds/:id/settings',
  '/account',
  '/developers',
  '/operator',
];

export function createRoutes(services: Services, files: StaticFiles) {
  const { publicUrl, origin, cdnOrigins } = services;
  const app = new Hono<{ Variables: Variables }>();
  app.use(identifyRequest, secureHeaders(cdnOrigins, origin.isSecure), requireOwnName(publicUrl));
  app.use(limitUrl, requireOwnPage(origin.isSecure, publicUrl), limitBody);
  app.use('/api/*', keepPrivate);
  app.use('/auth/*', keepPrivate);
  app.use('/install/callback', keepPrivate);
  app.onError(handleFailure(services.log));
  app.use(measureRequests(services.metrics, services.clock));
  openDoors(app, doors, services);
  for (const path of pages) app.get(path, servePage(files));
  app.get('/assets/*', serveFile(files));
  app.notFound((c) => {
    if (asksForPage(c) && !c.req.path.startsWith('/api/')) return servePage(files, 404)(c);
    return sendProblem(c, notFound(`There is nothing at ${c.req.method} ${c.req.path.slice(0, 100)}.`));
  });
  return app;
}
