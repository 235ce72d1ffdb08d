import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { packageRoot } from '../../src/lib/package-root.ts';

/** Discord's own description of its API; not part of this repository. */
const file = process.env.DISCORD_OPENAPI ?? join(packageRoot, '../shared/discord-openapi.json');

export const hasOpenApi = existsSync(file);

type Operation = { responses: Record<string, { $ref?: string; content?: unknown }> };
type Schema = { oneOf: unknown[]; properties: Record<string, { enum: number[] }> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Checks answers against the document; returns what is wrong with one, or nothing. */
export function createAnswerCheck(): (
  method: string,
  path: string,
  status: number,
  body: unknown,
) => string | undefined {
  const document: Document = JSON.parse(readFileSync(file, 'utf8'));
  fillGaps(document.components.schemas);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  for (const format of ['snowflake', 'nonce', 'int53']) ajv.addFormat(format, true);
  ajv.addSchema(document, 'discord');
  const validators = new Map<string, ValidateFunction>();

  return (method, path, status, body) => {
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses;
    if (!responses) return `${method} ${path} is not in the document`;
    const name = responses[status] ? String(status) : status >= 400 ? '4XX' : undefined;
    if (name === undefined) return `${method} ${path} never answers ${status}`;
    const pointer =
      responses[name]?.$ref?.slice(1) ?? pointerTo(['paths', path, method.toLowerCase(), 'responses', name]);
    const key = `discord#${pointer}/content/application~1json/schema`;
    const validate = validators.get(key) ?? ajv.compile({ $ref: key });
    validators.set(key, validate);
    return validate(withoutDetails(body))
      ? undefined
      : `${method} ${path}: ${ajv.errorsText(validate.errors)}`;
  };
}

/** What Discord's reference has and its machine-readable document leaves out: media channels, forwards. */
function fillGaps(schemas: Document['components']['schemas']): void {
  const media = 16;
  schemas.ChannelTypes?.oneOf.push({ const: media });
  schemas.GuildChannelResponse?.properties.type?.enum.push(media);
  schemas.MessageReferenceType?.oneOf.push({ const: 1 });
}

/** The document wants numbers as the codes of single fields; Discord's reference and its answers have words. */
function withoutDetails(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('errors' in body)) return body;
  const { errors: _, ...rest } = body;
  return rest;
}

function pointerTo(segments: string[]): string {
  return segments
    .map((segment) => `/${encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}
