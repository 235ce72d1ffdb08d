import { faultKinds } from '../faults.ts';
import { noFlaws } from '../rest/search-flaws.ts';
import { resetStats } from '../stats.ts';
import type { Control } from './control.ts';

/** Faults waiting at most, of one request. */
const MAX_COUNT = 1_000_000;
const MAX_LATENCY_MS = 60_000;
const MAX_RETRY_SECS = 3600;

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
    name: 'unknown-fields',
    help: 'Adds a field that Discord has not documented to every object of every answer.',
    fields: { on: 'true or false' },
    run({ state }, fields) {
      state.switches.hasUnknownFields = fields.boolean('on');
    },
  },
  {
    name: 'search-indexing',
    help: 'Search answers 202, not yet indexed.',
    fields: { on: 'true or false', 'retry_secs?': 'what it asks to wait (default 2)' },
    run({ state }, fields) {
      state.switches.isIndexing = fields.boolean('on');
      const secs = fields.optional('retry_secs', (name) => fields.integer(name, 0, MAX_RETRY_SECS));
      state.switches.indexingRetrySecs = secs ?? state.switches.indexingRetrySecs;
    },
  },
  {
    name: 'search-flaws',
    help: 'What the search index gets wrong from now on; what is left out is right again.',
    fields: {
      'hidden_before?': 'messages older than this id are missing',
      'hidden_every?': 'one message in so many is missing',
      'total_error?': 'added to the number of results',
      'most_hits?': 'a page has no more hits than this',
      'repeats?': 'a page begins with so many messages of the page above',
    },
    run({ state }, fields) {
      const count = (name: string, least: number, most: number) =>
        fields.optional(name, () => fields.integer(name, least, most));
      state.switches.searchFlaws = {
        hiddenBefore: fields.optional('hidden_before', fields.id) ?? noFlaws.hiddenBefore,
        hiddenEvery: count('hidden_every', 0, MAX_COUNT) ?? noFlaws.hiddenEvery,
        totalError: count('total_error', -MAX_COUNT, MAX_COUNT) ?? noFlaws.totalError,
        mostHits: count('most_hits', 1, noFlaws.mostHits) ?? noFlaws.mostHits,
        repeats: count('repeats', 0, noFlaws.mostHits) ?? noFlaws.repeats,
      };
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
