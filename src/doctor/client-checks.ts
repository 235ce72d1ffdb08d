import { userAgent } from '../discord/user-agent.ts';
import { basicAuthorization } from '../lib/basic-authorization.ts';
import { withDeadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';
import { developerPortal, type Finding, ok, warn } from './finding.ts';

/** What people log in and install with. */
export type Client = { apiUrl: string; clientId: string; clientSecret: string };

const ANSWER_DEADLINE_MS = 10_000;
const CHECK = 'client secret';

/** What is said of the client, and what is said of a refresh token when there is nothing to say of the client. */
const clientErrors: readonly unknown[] = ['invalid_client', 'unauthorized_client'];
const tokenErrors: readonly unknown[] = ['invalid_grant', 'invalid_request'];

/**
 * Whether Discord takes the client id with its secret, which it looks at first. What it is asked for is to refresh a token
 * that is none, so nothing is granted to anybody.
 */
export async function checkClient(client: Client, signal: AbortSignal): Promise<Finding> {
  const { protocol, hostname } = new URL(client.apiUrl);
  if (protocol !== 'https:' && !isLoopback(hostname)) return insecure;
  try {
    return findingOf(await askForNothing(client, signal));
  } catch (error) {
    signal.throwIfAborted();
    return notTold(messageOf(error));
  }
}

async function askForNothing({ apiUrl, clientId, clientSecret }: Client, signal: AbortSignal) {
  return withDeadline(ANSWER_DEADLINE_MS, signal, async (inTime) => {
    const response = await fetch(`${apiUrl}/v10/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basicAuthorization(clientId, clientSecret), 'user-agent': userAgent() },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'of-the-doctor' }),
      redirect: 'error',
      signal: inTime,
    });
    return { status: response.status, error: await readError(response) };
  });
}

/** The standard's word (`invalid_client`); null for an answer that is not of the standard. */
async function readError(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  return body instanceof Object && 'error' in body ? body.error : null;
}

function findingOf({ status, error }: { status: number; error: unknown }): Finding {
  if (status === 401 || clientErrors.includes(error)) return refused;
  return tokenErrors.includes(error) ? ok(CHECK, 'Discord takes it') : notTold(`HTTP ${status}`);
}

const refused = warn(
  CHECK,
  'DISCORD_CLIENT_SECRET is refused, or DISCORD_CLIENT_ID is that of another application: nobody can log in.',
  `Open ${developerPortal}, choose the application, OAuth2, and set the client id that stands there and, with Reset Secret, a new secret.`,
);

const insecure = warn(
  CHECK,
  'DISCORD_API_URL is neither https nor on this machine, so the client secret was not sent there.',
  'Set DISCORD_API_URL to an https address.',
);

function notTold(reason: string): Finding {
  return warn(
    CHECK,
    `Discord does not tell whether it takes DISCORD_CLIENT_SECRET (${reason}).`,
    'Try again in a while.',
  );
}
