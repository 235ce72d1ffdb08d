import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';

const HOMEPAGE = 'https://github.com/clipdex/clipdex';

/** Discord requires `DiscordBot (url, version)` and blocks other names. */
export function userAgent(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return `DiscordBot (${HOMEPAGE}, ${version})`;
}
