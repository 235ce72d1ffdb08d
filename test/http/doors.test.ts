import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { type Door, door, openAction } from '../../src/http/door.ts';
import { describeApi } from '../../src/http/openapi.ts';
import { createRoutes, doors } from '../../src/http/routes.ts';
import type { Services } from '../../src/http/services.ts';

const named = doors.map((each) => [`${each.method} ${each.path}`, each] as const);

describe('every door', () => {
  test.each(named)('%s has a right, and an action that fits it', (_, { right, action }) => {
    expect(['anyone', 'viewer', 'manager', 'operator']).toContain(right);
    expect(action.guildOf !== null).toBe(right === 'manager');
    expect(action.summary.length).toBeGreaterThan(5);
  });

  test('is there once', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(doors.length);
  });

  test('that changes something is for those who are logged in', () => {
    const open = doors.filter(({ method, right }) => method !== 'GET' && right === 'anyone');
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test('takes a body only where it changes something', () => {
    const odd = doors.filter(({ method, action }) => method === 'GET' && action.body !== null);
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  test.each(named)('%s checks what stands in its path', (_, { path, action }) => {
    const parts = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(action.path)).toEqual(parts);
    for (const [name, schema] of Object.entries(action.path)) {
      const taken = neverIds.filter((text) => schema.safeParse(text).success);
      expect({ name, taken }).toEqual({ name, taken: [] });
    }
  });

  // What Discord sends along with a browser is only handed on, to be compared with what the browser kept.
  const asked = named.filter(([, { path }]) => !path.endsWith('/callback'));
  test.each(asked)('%s checks every id that it is given beside', (_, { action }) => {
    const ids = Object.entries(action.query).filter(([name]) => /(^|_)id$|cursor|down_to/.test(name));
    for (const [name, schema] of ids) {
      const taken = neverIds.filter((text) => schema.safeParse(text).success);
      expect({ name, taken }).toEqual({ name, taken: [] });
    }
  });
});

/** Of no kind of thing: neither Discord's ids, nor UUIDs, nor those of videos, nor names of jobs or places in a list. */
const neverIds = [
  '',
  ' ',
  '1 ',
  '1.5',
  '+1',
  '..',
  '../1',
  "1'--",
  '1;',
  '%31',
  '１',
  '\u0000',
  '1\n',
  'null ',
  'x'.repeat(300),
];

describe('the app', () => {
  const services = {
    cdnOrigins: [],
    publicUrl: null,
    origin: { isSecure: false },
    log: { error() {}, warn() {} },
    clock: { monotonic: () => 0 },
    metrics: { noteRequest() {} },
  } as unknown as Services; // of which nothing else is asked until somebody comes
  const app = createRoutes(services, new Map());
  const { routes } = app;
  const isOurs = (path: string) => /^\/(api|auth|videos\/:id\/|install\/callback|metrics|\w+z$)/.test(path);

  test('answers below /api, /auth, /videos and /install/callback only by doors of the list', () => {
    const found = routes.filter(({ method, path }) => method !== 'ALL' && isOurs(path));
    const list = doors.map(({ method, path }) => `${method} ${path}`);
    expect(found.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(list.sort());
  });

  test('answers elsewhere only with pages and files, which hold nothing of anybody', async () => {
    const others = routes.filter(({ method, path }) => method !== 'ALL' && !isOurs(path));
    expect(others.length).toBeGreaterThan(5);
    for (const { method, path } of others) {
      expect(method).toBe('GET');
      const answer = await app.request(path.replace(':id', '1').replace('*', 'page.js'));
      const { detail } = (await answer.json()) as { detail: string };
      expect(detail).toMatch(/^(The page has not been built|There is no such page or file)/); // as none is given here
    }
  });
});

type Json = Record<string, unknown>;
type Operation = {
  parameters?: { name: string; in: string }[];
  'x-right': string;
  requestBody?: unknown;
  responses: Json;
};

describe('the description', () => {
  const api = JSON.parse(JSON.stringify(describeApi(doors))) as Json & {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Json> };
  };

  test('names exactly the doors, each with its right and all that it takes', () => {
    const described = Object.entries(api.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        right: operation['x-right'],
        takes: (operation.parameters ?? []).map((one) => `${one.in} ${one.name}`),
        hasBody: operation.requestBody !== undefined,
      })),
    );
    const expected = doors.map(({ method, path, right, action }: Door) => ({
      name: `${method} ${path}`,
      right,
      takes: [
        ...Object.keys(action.path).map((name) => `path ${name}`),
        ...Object.keys(action.query).map((name) => `query ${name}`),
      ],
      hasBody: action.body !== null,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(described.sort(byName)).toEqual(expected.sort(byName));
  });

  test('gives each operation an id of its own', () => {
    const ids = Object.values(api.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => (operation as Json).operationId),
    );
    expect(new Set(ids).size).toBe(doors.length);
  });

  test('refers to nothing that it does not have', () => {
    const references = new Set(
      [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target),
    );
    const had = Object.keys(api.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.size).toBeGreaterThan(20);
    expect([...references].filter((target) => !had.includes(target))).toEqual([]);
  });

  test('has schemas that every validator of JSON Schema takes', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addVocabulary(['openapi', 'info', 'paths', 'components', 'x-right']);
    ajv.addSchema({ $id: 'api', ...api } as object);
    const pointers = pointersToSchemas(api, '');
    expect(pointers.length).toBeGreaterThan(doors.length);
    for (const pointer of pointers) ajv.compile({ $ref: `api#${pointer}` });
  });

  test('tells that the answer of a process that is not ready is no problem document', () => {
    const responses = api.paths['/readyz']?.get?.responses;
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Readiness' } } };
    expect(responses).toMatchObject({ 200: { content }, 503: { description: 'Not ready', content } });
  });

  test('grows with the list', () => {
    const health = openAction({ summary: 'One more', answer: null, handle: () => undefined });
    const more = describeApi([...doors, door('GET', '/api/more', 'anyone', health)]);
    expect(Object.keys(more.paths as Json)).toContain('/api/more');
  });
});

/** Of every schema of answers, bodies, parameters and components. */
function pointersToSchemas(value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${place}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    const isSchema = key === 'schema' || place.endsWith('/components/schemas');
    return isSchema ? [at] : pointersToSchemas(child, at);
  });
}
