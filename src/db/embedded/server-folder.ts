import { access, chmod, chown, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ClipdexError, messageOf } from '../../lib/errors.ts';
import { findUnprivilegedUser, isRoot, type ServerUser } from './server-user.ts';
import { embeddedUnavailable } from './unavailable.ts';

/** `DATA_DIR/postgres`: everything of the embedded server, closed to all but the user under whom it runs. */
export type ServerFolder = {
  path: string;
  /** Made complete and renamed to this name: where it exists, it can be started. */
  cluster: string;
  dataDirectory: string;
  passwordFile: string;
  logFile: string;
  /** Undefined: the server runs as we do. */
  user: ServerUser | undefined;
};

export async function openServerFolder(dataDir: string): Promise<ServerFolder> {
  const path = join(resolve(dataDir), 'postgres');
  try {
    await makeParents(dirname(path));
    await mkdir(path, { mode: 0o700, recursive: true });
    const user = isRoot() ? await handOver(path) : undefined;
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const cluster = join(path, 'cluster');
    return {
      path,
      cluster,
      dataDirectory: join(cluster, 'data'),
      passwordFile: join(cluster, 'password'),
      logFile: join(path, 'server.log'),
      user,
    };
  } catch (error) {
    if (error instanceof ClipdexError) throw error;
    throw new ClipdexError(
      'data_dir_unusable',
      `The data directory cannot be used (${messageOf(error)}). ` +
        `Make ${path} readable and writable for the user who runs Clipdex, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}

/** Folders that root creates here stay passable for the server's user, whatever the umask. */
async function makeParents(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined || !isRoot()) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) await chmod(made, 0o755);
}

/** A folder that an ordinary user made keeps its owner; one of root's own goes to the unprivileged user. */
async function handOver(path: string): Promise<ServerUser> {
  const owner = await stat(path);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = await findUnprivilegedUser();
  try {
    await chown(path, user.uid, user.gid);
    await chmod(path, 0o700);
  } catch (error) {
    throw embeddedUnavailable(
      `PostgreSQL does not run as root, and root may not give ${path} to another user here (${messageOf(error)}). ` +
        'Start Clipdex as an ordinary user.',
      { cause: error },
    );
  }
  return user;
}
