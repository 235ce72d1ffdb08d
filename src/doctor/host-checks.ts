import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../lib/errors.ts';
import { formatSize } from '../lib/format-size.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** A first embedded database takes 60 MB; a million videos about 1 GB. */
const LOW_DISK_BYTES = 2e9;
const FULL_DISK_BYTES = 300e6;

/** As `engines` in package.json: the oldest release of each line that our libraries declare. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (isSupported) return ok('node', `Node.js ${version}`);
  return fail('node', `Node.js ${version} is not supported.`, 'Install Node.js 20.19, 22.12, 24 or newer.');
}

export async function checkDataDirectory(dataDir: string): Promise<Finding> {
  const existing = await nearestExisting(dataDir);
  if (!(await stat(existing)).isDirectory()) {
    return fail('data directory', `${existing} is a file.`, 'Set DATA_DIR to a folder.');
  }
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return fail(
      'data directory',
      `${existing} cannot be written (${messageOf(error)}).`,
      'Give this user the folder, or set DATA_DIR to another one.',
    );
  }
  return ok('data directory', existing === dataDir ? dataDir : `${dataDir} (made at the first start)`);
}

export async function checkDisk(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestExisting(dataDir));
  const freeBytes = bavail * bsize;
  const message = `${formatSize(freeBytes)} free`;
  if (freeBytes >= LOW_DISK_BYTES) return ok('disk', message);
  const action = 'Make room, or set DATA_DIR to a folder on a larger disk.';
  return freeBytes < FULL_DISK_BYTES ? fail('disk', message, action) : warn('disk', message, action);
}

/** Over http, whoever is on the way between browser and page reads along, and can take over sessions. */
export function checkPublicUrl(publicUrl: string): Finding {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || isLoopback(hostname)) return ok('public address', publicUrl);
  return warn(
    'public address',
    `${publicUrl} is not encrypted: who reads along can take over what a viewer is logged in with.`,
    'Let a reverse proxy speak https before the page, and set PUBLIC_URL to its https address.',
  );
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return dirname(path) === path ? path : nearestExisting(dirname(path));
  }
}
