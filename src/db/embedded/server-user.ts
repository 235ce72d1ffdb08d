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

/** The first folder on the way to `path` that the user may not pass through, as far as mode bits tell. */
export async function findClosedFolder(path: string, user: ServerUser): Promise<string | undefined> {
  const folders: string[] = [];
  for (let folder = resolve(path); folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  for (const folder of folders) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
  }
  return undefined;
}
