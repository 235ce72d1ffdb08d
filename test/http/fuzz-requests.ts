import fc, { type Arbitrary } from 'fast-check';
import { anything, nasty, nastyTexts, type Schema, valid } from './fuzz-values.ts';

type Parameter = { name: string; in: 'path' | 'query'; schema: Schema };
export type Operation = {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};

/** As /api/openapi.json tells it. */
export type Description = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

export type FuzzRequest = {
  /** The operation that it is made from: path and method as described. */
  operation: [path: string, method: string];
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  viewer: string;
};

/** Ids that exist, by the noun of the path that they stand behind, and by the parameter that takes them. */
export type KnownIds = Record<string, string[]>;

/** Requests of all operations, as many of each: some right in all, most wrong in something. */
export function requestsOf(
  { paths }: Description,
  known: KnownIds,
  viewers: readonly string[],
): Arbitrary<FuzzRequest> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestOf(path, method, operation, known, viewers)),
  );
  return fc.oneof(...operations);
}

function requestOf(
  template: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  known: KnownIds,
  viewers: readonly string[],
): Arbitrary<FuzzRequest> {
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const noun = /(\w+)\/\{/.exec(template)?.[1] ?? '';
  const path = fc.record(
    Object.fromEntries(inPath.map(({ name, schema }) => [name, textFor(schema, known[noun] ?? [])])),
  );
  const query = fc.record(
    Object.fromEntries(inQuery.map(({ name, schema }) => [name, textFor(schema, known[name] ?? [])])),
    { requiredKeys: [] },
  );
  const schema = requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path,
      query,
      extra: often(
        fc.constant({}),
        fc.dictionary(fc.oneof(nasty, fc.constantFrom('limit', 'id', 'cursor')), nasty, { maxKeys: 3 }),
      ),
      body: schema
        ? bodyOf(schema, known)
        : often(
            fc.constant(undefined),
            anything.map((value) => JSON.stringify(value)),
          ),
      method: often(
        fc.constant(method.toUpperCase()),
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
      ),
      headers,
      type: often(
        fc.constant('application/json'),
        fc.constantFrom('text/plain', 'multipart/form-data', 'x', ''),
      ),
      viewer: fc.constantFrom(...viewers),
    })
    .map((made) => ({
      operation: [template, method] as [string, string],
      method: made.method,
      path: fillIn(template, made.path) + search({ ...made.query, ...made.extra }),
      headers: { ...(schema ? { 'content-type': made.type } : {}), ...made.headers },
      body: made.method === 'GET' || made.method === 'HEAD' ? undefined : made.body,
      viewer: made.viewer,
    }));
}

/** Four times out of five the first. */
function often<Value>(first: Arbitrary<Value>, second: Arbitrary<Value>): Arbitrary<Value> {
  return fc.oneof({ arbitrary: first, weight: 4 }, { arbitrary: second, weight: 1 });
}

function textFor(schema: Schema, known: readonly string[]): Arbitrary<string> {
  const allowed = valid(schema).map(String);
  const right =
    known.length > 0 ? fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 3 }, allowed) : allowed;
  return often(right, nasty);
}

function bodyOf(schema: Schema, known: KnownIds): Arbitrary<string | undefined> {
  const right = valid(withKnown(schema, known));
  const wrong = fc.record({ value: right, name: fc.constantFrom(...nastyTexts), other: anything }).map(spoil);
  return fc.oneof(
    { arbitrary: right.map((value) => JSON.stringify(value)), weight: 5 },
    { arbitrary: wrong.map((value) => JSON.stringify(value)), weight: 3 },
    { arbitrary: anything.map((value) => JSON.stringify(value)), weight: 1 },
    { arbitrary: nasty, weight: 1 },
  );
}

/** Lists and single ids in a body take those that exist. */
function withKnown(schema: Schema, known: KnownIds): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const values = known[name];
    if (!values) return [name, field];
    return [name, field.items ? { ...field, items: { enum: values } } : { enum: values }];
  });
  return schema.properties ? { ...schema, properties: Object.fromEntries(properties) } : schema;
}

/** Something is missing, too much, or something else. */
function spoil({ value, name, other }: { value: unknown; name: string; other: unknown }): unknown {
  if (typeof value !== 'object' || value === null) return [value, other];
  const names = Object.keys(value);
  const chosen = names[name.length % Math.max(1, names.length)] ?? name;
  if (name.length % 3 === 0) return { ...value, [name]: other };
  if (name.length % 3 === 1) return { ...value, [chosen]: other };
  return Object.fromEntries(Object.entries(value).filter(([one]) => one !== chosen));
}

const headers: Arbitrary<Record<string, string>> = fc.record(
  {
    'sec-fetch-site': often(fc.constant('same-origin'), fc.constantFrom('cross-site', 'none', 'x')),
    accept: fc.constantFrom('*/*', 'application/json', 'text/html', 'x', '*/*;q=0'),
    'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', 'x'),
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"x"'),
    range: fc.constantFrom('bytes=0-', 'bytes=-1', 'x'),
    'last-event-id': fc.constantFrom('', 'x', '2026-02-30T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z'),
    'x-forwarded-for': fc.constantFrom('1.1.1.1', 'x, y', '::1'),
    'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
    'user-agent': fc.constantFrom('', 'x'.repeat(3_000), '<script>', 'a\u00ff'),
    origin: fc.constantFrom('null', 'https://evil.example'),
    'content-encoding': fc.constantFrom('gzip', 'x'),
  },
  { requiredKeys: ['sec-fetch-site'] },
);

function fillIn(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encode(values[name] ?? ''));
}

function search(values: Record<string, string>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A surrogate alone has no encoding. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
