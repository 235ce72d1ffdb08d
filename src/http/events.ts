import { streamSSE } from 'hono/streaming';
import { authenticate } from './authenticate.ts';
import { action } from './door.ts';
import { EventStream } from './event-stream.ts';
import { logFailure } from './failures.ts';
import { ProblemError } from './problem.ts';

const RETRY_MS = 10_000;

export const followEvents = action({
  summary:
    'What happens, as it happens (text/event-stream): `run` (a Run), `video` (a Video), `guild` (its id: ask for it anew), ' +
    '`reset` (ask for everything anew). An id comes by itself (no event): at the begin, after all that was told of one ' +
    'moment, and while nothing happens. Goes on where Last-Event-ID was: what came after that id is told again, and ' +
    'anything may be told twice',
  answer: null,
  async handle(services, { viewer, context }) {
    const { events, signal } = services;
    // Of HEAD nobody reads the body, nor ends it: its stream would keep its place for ever.
    if (context.req.method === 'HEAD')
      return context.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if (!events.hasRoom(viewer.userId)) throw tooManyStreams();
    const isStillIn = () => authenticate(context, services).then(Boolean, () => false);
    const lastEventId = context.req.header('Last-Event-ID') ?? null;
    context.header('X-Accel-Buffering', 'no'); // a proxy that gathers answers would keep the events
    const response = streamSSE(context, async (stream) => {
      const one = new EventStream({ services, viewer, stream, lastEventId, isStillIn, signal });
      const leave = events.follow(viewer.userId, one.take);
      await one.run().catch(logFailure(services.log, context)).finally(leave);
    });
    response.headers.set('Cache-Control', 'private, no-store'); // streamSSE has its own idea of it
    return response;
  },
});

function tooManyStreams(): ProblemError {
  return new ProblemError({
    status: 429,
    code: 'too_many_streams',
    title: 'Too many streams of events',
    detail: 'Close one, or ask again in a while.',
    retryAfterMs: RETRY_MS,
  });
}
