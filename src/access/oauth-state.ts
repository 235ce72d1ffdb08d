import { createHash } from 'node:crypto';
import type { LoginServices } from './login-services.ts';
import { isSameSecret, newSecret } from './secrets.ts';

/** What a browser keeps, sealed, while it is away at Discord, so that nobody can send it back with an answer of theirs. */
type Kept<Data> = { state: string; verifier: string; redirectUri: string; data: Data };

export type OauthPurpose = 'login' | 'install';

/** `code`: to be exchanged. `expired`: the cookie is missing, too old, or not ours. `mismatched`: of another question. */
export type OauthReturn<Data> =
  | { kind: 'code'; code: string; verifier: string; redirectUri: string; state: string; data: Data }
  | { kind: 'denied' | 'refused' | 'unavailable'; state: string; data: Data }
  | { kind: 'expired' | 'mismatched' };

const LOGIN_MS = 10 * 60_000; // to read Discord's page, and to log in there first

type Services = Pick<LoginServices, 'cookieSealer' | 'clock'>;

/**
 * Sends a browser to Discord: the question (state and PKCE, S256), and the cookie by which the answer is known again, for
 * `lifeMs`.
 */
export function beginOauth<Data>(
  { cookieSealer, clock }: Services,
  purpose: OauthPurpose,
  asked: { redirectUri: string; data: Data; state?: string; lifeMs?: number },
): { question: { redirectUri: string; state: string; challenge: string }; cookie: string } {
  const { redirectUri, data, state = newSecret(), lifeMs = LOGIN_MS } = asked;
  const verifier = newSecret();
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const kept: Kept<Data> = { state, verifier, redirectUri, data };
  const cookie = cookieSealer.sealText(JSON.stringify(kept), purpose, clock.now() + lifeMs);
  return { question: { redirectUri, state, challenge }, cookie };
}

/** Reads what the browser brings back. All of it is the browser's word but what the cookie was sealed with. */
export function readOauthReturn<Data>(
  { cookieSealer, clock }: Services,
  purpose: OauthPurpose,
  { cookie, query }: { cookie: string | null; query: URLSearchParams },
): OauthReturn<Data> {
  const text = cookie === null ? null : cookieSealer.openText(cookie, purpose, clock.now());
  if (text === null) return { kind: 'expired' };
  const { state, verifier, redirectUri, data } = JSON.parse(text) as Kept<Data>;
  const states = query.getAll('state');
  if (states.length !== 1 || !isSameSecret(states[0] ?? '', state)) return { kind: 'mismatched' };
  const error = query.get('error');
  if (error === 'access_denied') return { kind: 'denied', state, data };
  if (error === 'temporarily_unavailable' || error === 'server_error') {
    return { kind: 'unavailable', state, data };
  }
  const codes = query.getAll('code');
  const [code = ''] = codes;
  if (error !== null || codes.length !== 1 || code === '') return { kind: 'refused', state, data };
  return { kind: 'code', code, verifier, redirectUri, state, data };
}
