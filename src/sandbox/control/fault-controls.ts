import { faultKinds } from '../faults.ts';
import { resetStats } from '../stats.ts';
import type { Control } from './control.ts';

/** Faults waiting at most, of one request. */
const MAX_COUNT = 1_000_000;
const MAX_LATENCY_MS = 60_000;

export const faultControls: Control[] = [
  {
    name: 'fail',
    help: 'Meets the next requests with a fault. The default kind answers with the status, headers and body given.',
    fields: {
      'kind?': faultKinds.join(', '),
      'count?': 'how many requests (default 1)',
      'method?': 'GET, POST, …',
      'route?': 'a route as /channels/:channel/messages, or a part of a path',
      'status?': 'status (default 500)',
      'headers?': 'object',
      'body?': 'text or JSON value',
    },
    run({ faults }, fields) {
      const method = fields.optional('method', fields.text)?.toUpperCase();
      const route = fields.optional('route', fields.text);
      faults.add({
        kind: fields.optional('kind', (name) => fields.choice(name, faultKinds)) ?? 'answer',
        remaining: fields.optional('count', (name) => fields.integer(name, 1, MAX_COUNT)) ?? 1,
        ...(method !== undefined && { method }),
        ...(route !== undefined && { route }),
        status: fields.optional('status', (name) => fields.integer(name, 200, 599)) ?? 500,
        headers: fields.optional('headers', fields.texts) ?? {},
        body: fields.optional('body', (name) => fields.bodyText(name)) ?? '',
      });
    },
  },
  {
    name: 'faults',
    help: 'Lists the faults that still wait.',
    fields: {},
    run: ({ faults }) => ({ faults: faults.list() }),
  },
  {
    name: 'clear-faults',
    help: 'Forgets the faults that still wait.',
    fields: {},
    run: ({ faults }) => faults.clear(),
  },
  {
    name: 'latency',
    help: 'Waits before each answer of the API.',
    fields: { ms: 'milliseconds' },
    run({ state }, fields) {
      state.switches.latencyMs = fields.integer('ms', 0, MAX_LATENCY_MS);
    },
  },
  {
    name: 'lying-headers',
    help: 'Rate limit headers promise 999 of 1,000 until the very 429.',
    fields: { on: 'true or false' },
    run({ state }, fields) {
      state.switches.hasLyingHeaders = fields.boolean('on');
    },
  },
  {
    name: 'search-indexing',
    help: 'Search answers 202, not yet indexed.',
    fields: { on: 'true or false' },
    run({ state }, fields) {
      state.switches.isIndexing = fields.boolean('on');
    },
  },
  {
    name: 'stats',
    help: 'Requests and 429s by route, gateway sessions.',
    fields: {},
    run: ({ stats, gateway }) => ({
      ...stats,
      gateway: { ...stats.gateway, connected: gateway.connected() },
    }),
  },
  {
    name: 'reset-stats',
    help: 'Starts counting anew.',
    fields: {},
    run: ({ stats }) => resetStats(stats),
  },
];
