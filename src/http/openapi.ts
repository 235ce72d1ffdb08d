import { z } from 'zod';
import { packageVersion } from '../lib/package-root.ts';
import { problem } from './contract/answer-parts.ts';
import type { Door, Shape } from './door.ts';

type Json = Record<string, unknown>;

/**
 * The description of the doors below `/api`, `/auth` and `/videos` (OpenAPI 3.1, whose schemas are JSON Schema as zod
 * writes it). Schemas with a name of their own are components.
 */
export function describeApi(doors: readonly Door[]): Json {
  const paths: Record<string, Json> = {};
  for (const each of doors) {
    const path = each.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: describeDoor(each) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clipdex',
      version: packageVersion(),
      description:
        'Every video of your Discord servers. Each viewer sees what Discord lets them see; what is not seen is not found (404). Log in with a browser, or make an API token on the page “Account”.',
    },
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'clipdex-session',
          description: 'Of a browser that has logged in. Over https its name is __Host-clipdex-session.',
        },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function describeDoor({ method, path, right, action }: Door): Json {
  const parameters = [...parametersOf(action.path, 'path'), ...parametersOf(action.query, 'query')];
  const answer = action.answer ? { content: json(schemaOf(action.answer, 'output')) } : {};
  return {
    operationId: operationId(method, path),
    summary: action.summary,
    tags: [tagOf(path)],
    'x-right': right,
    ...(right === 'anyone' ? { security: [] } : { security: [{ session: [] }, { token: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(action.body
      ? { requestBody: { required: true, content: json(schemaOf(action.body, 'input')) } }
      : {}),
    responses: {
      [action.status]: { description: responseNames[action.status], ...answer },
      ...Object.fromEntries(
        Object.entries(action.alsoAnswers).map(([status, description]) => [
          status,
          { description, ...answer },
        ]),
      ),
      default: {
        description: 'Why it was not done',
        content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
      },
    },
  };
}

/** By the noun that a path begins with; what is about no noun of the library is about the instance. */
function tagOf(path: string): string {
  const [first = '', second = ''] = path.slice(1).split('/');
  if (first === 'api') return ['openapi.json', 'instance'].includes(second) ? 'instance' : second;
  return { auth: 'login', install: 'installs', videos: 'videos' }[first] ?? 'instance';
}

const responseNames: Record<Door['action']['status'], string> = {
  200: 'As asked',
  201: 'Made',
  202: 'Queued',
  204: 'Done; there is nothing to tell',
  302: 'The address is in Location',
};

/** "GET /api/guilds/:id/channels" → "getGuildsIdChannels". */
function operationId(method: string, path: string): string {
  const words = path.split(/[/:-]+/).filter((word) => word !== '' && word !== 'api');
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function parametersOf(fields: Shape, place: 'path' | 'query'): Json[] {
  return Object.entries(fields).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !field.safeParse(undefined).success,
    schema: schemaOf(field, 'input'),
  }));
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

const REFERENCES = '#/components/schemas/';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: `${REFERENCES}${id}` };
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return described;
}

function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `${REFERENCES}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}
