import { packageVersion } from '../lib/package-root.ts';

const HOMEPAGE = 'https://github.com/clipdex/clipdex';

/** Discord requires `DiscordBot (url, version)` and blocks other names. */
export function userAgent(): string {
  return `DiscordBot (${HOMEPAGE}, ${packageVersion()})`;
}
