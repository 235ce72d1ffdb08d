import { Hono } from 'hono';
import { handleFailure } from './failures.ts';
import { identifyRequest, requireLocalName, secureHeaders, type Variables } from './guards.ts';
import { getGuild, listChannels, listGuilds } from './guilds.ts';
import { sayAlive, sayReady } from './health.ts';
import { getInstance } from './instance.ts';
import { notFound, sendProblem } from './problem.ts';
import { getRun, getRuns } from './runs.ts';
import type { Services } from './services.ts';
import { type StaticFiles, serveFile, servePage } from './static-files.ts';
import { showPoster, streamVideo } from './video-files.ts';
import { getVideo, getVideoCount, getVideos } from './videos.ts';

/** Every door of the web role. */
export function createRoutes(services: Services, files: StaticFiles) {
  const app = new Hono<{ Variables: Variables }>();
  app.use(identifyRequest, secureHeaders(services.cdnOrigins), requireLocalName);
  app.onError(handleFailure(services.log));

  app.get('/healthz', sayAlive);
  app.get('/readyz', sayReady(services));

  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.get('/api/guilds', listGuilds(services));
  app.get('/api/guilds/:id', getGuild(services));
  app.get('/api/guilds/:id/channels', listChannels(services));
  app.get('/api/instance', getInstance(services));
  app.get('/api/runs', getRuns(services));
  app.get('/api/runs/:id', getRun(services));
  app.get('/api/videos', getVideos(services));
  app.get('/api/videos/count', getVideoCount(services));
  app.get('/api/videos/:id', getVideo(services));

  app.get('/videos/:id/stream', streamVideo(services));
  app.get('/videos/:id/poster', showPoster(services));

  app.get('/', servePage(files));
  app.get('/videos/:id', servePage(files));
  app.get('/assets/*', serveFile(files));

  app.notFound((c) => {
    const isForBrowser = c.req.method === 'GET' && c.req.header('Accept')?.includes('text/html');
    if (isForBrowser && !c.req.path.startsWith('/api/')) return servePage(files, 404)(c);
    return sendProblem(c, notFound(`There is nothing at ${c.req.method} ${c.req.path.slice(0, 100)}.`));
  });
  return app;
}
