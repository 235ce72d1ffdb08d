import { z } from 'zod';
import { MAX_API_TOKENS, MAX_TOKEN_DAYS, MAX_TOKEN_NAME_LENGTH } from '../access/api-tokens.ts';
import type { ApiToken as StoredToken } from '../db/api-tokens.ts';
import { type ApiToken, apiTokenPage, newApiToken } from './contract/viewer.ts';
import { action } from './door.ts';
import { tokenId } from './parameters.ts';
import { notFound, ProblemError } from './problem.ts';

export const listTokens = action({
  summary: "The viewer's API tokens",
  answer: apiTokenPage,
  async handle({ access }, { viewer }) {
    return { items: (await access.listTokens(viewer)).map(toToken), next: null };
  },
});

const days = `a whole number from 1 to ${MAX_TOKEN_DAYS}, or null for a token that does not expire`;
const name = `1 to ${MAX_TOKEN_NAME_LENGTH} characters, none of them a control character`;
const tokenBody = z.strictObject(
  {
    name: z
      .string(name)
      .trim()
      .min(1, name)
      .max(MAX_TOKEN_NAME_LENGTH, name)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, name),
    scope: z.enum(['read', 'manage'], 'read or manage'),
    expiresInDays: z.int(days).min(1, days).max(MAX_TOKEN_DAYS, days).nullable(),
  },
  'an object with name, scope and expiresInDays',
);

export const createToken = action({
  summary: 'Makes an API token, which is shown this once',
  body: tokenBody,
  answer: newApiToken,
  status: 201,
  async handle({ access }, { viewer, body }) {
    if (viewer.session === null) throw byTokenRefused();
    const created = await access.createToken(viewer, body);
    if (created.kind === 'too_many') throw tooManyTokens();
    return { ...toToken(created.token), token: created.secret };
  },
});

export const revokeToken = action({
  summary: 'Revokes an API token',
  path: { id: tokenId },
  answer: null,
  status: 204,
  async handle({ access }, { viewer, path }) {
    if (!(await access.revokeToken(viewer, path.id))) throw notFound('There is no such token.');
    return undefined;
  },
});

function tooManyTokens(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'too_many_tokens',
    title: 'There are too many tokens',
    detail: `A user has at most ${MAX_API_TOKENS}. Revoke one that is not used any more.`,
  });
}

/** A token that leaked must not be able to outlive its own end. */
function byTokenRefused(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'session_needed',
    title: 'A token makes no tokens',
    detail: 'Log in with a browser to make one.',
  });
}

function toToken(token: StoredToken): ApiToken {
  return {
    id: token.id,
    name: token.name,
    scope: token.scope,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    expiresAt: token.expiresAt?.toISOString() ?? null,
  };
}
