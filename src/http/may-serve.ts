import { ClipdexError } from '../lib/errors.ts';

/**
 * Without a login everybody who reaches the page sees everything. So the page is served only to this machine, and
 * only while it shows a Discord of this machine.
 * @throws ClipdexError `web_not_private`
 */
export function assertMayServe({ host, apiUrl }: { host: string; apiUrl: string }): void {
  if (!isLoopback(host)) {
    throw new ClipdexError(
      'web_not_private',
      `HOST is ${host}, which other machines can reach, and Clipdex has no login yet. ` +
        'Set HOST to 127.0.0.1, or leave "web" out of ROLES.',
    );
  }
  const apiHost = new URL(apiUrl).hostname;
  if (!isLoopback(apiHost)) {
    throw new ClipdexError(
      'web_not_private',
      `The page would show the guilds of ${apiHost} to everybody on this machine, and Clipdex has no login yet. ` +
        'Set ROLES to gateway,worker to index without the page, or unset DISCORD_BOT_TOKEN to try the sandbox.',
    );
  }
}

/** Names and addresses of this machine only, as a URL or a socket writes them. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
