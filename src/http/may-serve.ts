import { ClipdexError } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';

/**
 * Where the page may be reached. The sandbox asks for no password: whoever reaches it is whoever they like, so it is for
 * this machine alone. A page for others needs an address that logins come back to, and an application at Discord.
 * @throws ClipdexError `web_not_private`, `web_not_configured`
 */
export function assertMayServe(web: {
  host: string;
  publicUrl: string | null;
  isSandbox: boolean;
  clientId: string | null;
  clientSecret: string | null;
}): void {
  if (web.isSandbox && !isLoopback(web.host)) {
    throw new ClipdexError(
      'web_not_private',
      `HOST is ${web.host}, which other machines can reach, and the sandbox asks nobody for a password. ` +
        'Set HOST to 127.0.0.1, or set DISCORD_BOT_TOKEN to work with Discord.',
    );
  }
  if (!web.isSandbox && (web.clientId === null || web.clientSecret === null)) {
    throw new ClipdexError(
      'web_not_configured',
      'People log in with Discord, for which DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET must be set: both stand on the ' +
        'page OAuth2 of the application in the developer portal.',
    );
  }
  if (!isLoopback(web.host) && web.publicUrl === null) {
    throw new ClipdexError(
      'web_not_configured',
      `HOST is ${web.host}, which other machines can reach. Set PUBLIC_URL to the address under which they do, such as ` +
        'https://clipdex.example: logins come back to it.',
    );
  }
}
