import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from '../access/attack-http.ts';
import type { Description, FuzzRequest } from './fuzz-requests.ts';

/** Checks answers against the description of the API; answers what is wrong with one, or null. */
export function createAnswerCheck(
  description: Description,
): (request: FuzzRequest, answer: Answer) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(description, 'api');
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (place: readonly string[]) => {
    const key = `api#/${place.map(encodePointer).join('/')}`;
    const validate = validators.get(key) ?? ajv.compile({ $ref: key });
    validators.set(key, validate);
    return validate;
  };

  function mismatch(place: readonly string[], body: string): string | null {
    const validate = validatorOf(place);
    return validate(JSON.parse(body)) ? null : ajv.errorsText(validate.errors);
  }

  return ({ operation: [path, method], ...asked }, answer) => {
    const { status, headers, body } = answer;
    if (status >= 500) return 'it failed';
    if (status >= 400) return problemWith(asked.method, answer, (text) => mismatch(problemPlace, text));
    if (asked.method !== method.toUpperCase()) return null; // the door of another operation, or none
    const described = description.paths[path]?.[method]?.responses[status];
    if (!described) return 'this status is not described';
    if (!described.content) return null;
    if (headers['content-type'] !== 'application/json') return 'no JSON';
    return mismatch(
      ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'],
      body,
    );
  };
}

const problemPlace = ['components', 'schemas', 'Problem'];

function problemWith(
  method: string,
  { status, headers, body }: Answer,
  mismatch: (body: string) => string | null,
): string | null {
  if (status === 404 && headers['content-type']?.startsWith('text/html')) return null; // the page, which says so
  if (headers['content-type'] !== 'application/problem+json') return 'no problem document';
  if (!headers['cache-control']?.includes('no-store')) return 'may be kept';
  if (method === 'HEAD') return null;
  const found = mismatch(body);
  if (found) return found;
  const problem = JSON.parse(body) as { status: number; requestId: string };
  if (problem.status !== status) return 'another status in the body';
  return problem.requestId === headers['x-request-id'] ? null : 'another request id in the body';
}

function encodePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
