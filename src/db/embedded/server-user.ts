import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { embeddedUnavailable } from './unavailable.ts';

/** Under whom the server runs when we are root, which PostgreSQL refuses. */
export type ServerUser = { uid: number; gid: number };

const UNPRIVILEGED_USER = 'nobody'; // exists everywhere; Clipdex creates no users

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export async function findUnprivilegedUser(): Promise<ServerUser> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const account = accounts.split('\n').find((line) => line.startsWith(`${UNPRIVILEGED_USER}:`));
  const [, , uid, gid] = account?.split(':') ?? [];
  if (uid === undefined || gid === undefined) {
    throw embeddedUnavailable(
      `PostgreSQL does not run as root, and this system has no user "${UNPRIVILEGED_USER}". ` +
        'Start Clipdex as an ordinary user.',
    );
  }
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }; // macOS writes nobody as -2
}

/** The first folder on the way to these paths that the user may not pass through, as far as mode bits tell. */
export async function findClosedFolder(paths: string[], user: ServerUser): Promise<string | undefined> {
  for (const folder of paths.flatMap(foldersAbove)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
  }
  return undefined;
}

/** From the root down, without the path itself. */
function foldersAbove(path: string): string[] {
  const parent = dirname(resolve(path));
  return parent === resolve(path) ? [] : [...foldersAbove(parent), parent];
}
