import type { Config } from '../../config.ts';
import { userAgent } from '../../discord/user-agent.ts';
import { ownSandbox } from '../../doctor/doctor.ts';
import { type Finding, ok } from '../../doctor/finding.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { reachDiscord } from './reach-discord.ts';

const ANSWER_DEADLINE_MS = 2_000; // it is on this machine

/** Without a token Clipdex brings its own Discord; where a program or `clipdex sandbox` runs it, it is checked alike. */
export async function* checkSandbox(
  sandbox: Config['sandbox'],
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { sandboxAccess } = await import('../sandbox.ts');
  const access = sandboxAccess(sandbox);
  const isThere = await answersTo(access, signal);
  const none = isThere ? '' : ` None with this seed answers on port ${sandbox.port}, so it was not examined.`;
  yield ok('sandbox', `${ownSandbox}${none}`);
  if (isThere) yield* reachDiscord({ ...access, clientId: null, clientSecret: null }, signal);
}

/** Whether what listens there takes the token that this sandbox has: any program may use the port. */
async function answersTo(
  access: { apiUrl: string; botToken: string },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await withDeadline(ANSWER_DEADLINE_MS, signal, async (inTime) => {
      const response = await fetch(`${access.apiUrl}/v10/users/@me`, {
        headers: { authorization: `Bot ${access.botToken}`, 'user-agent': userAgent() },
        signal: inTime,
      });
      await response.body?.cancel();
      return response.ok;
    });
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
