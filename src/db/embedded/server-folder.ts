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
    await makeFolder(path, 0o700);
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

/**
 * Folders that root creates here stay passable for the server's user, whatever the umask. One after another:
 * Node's recursive mkdir never returns where the system says ENOENT below a folder that exists, as /proc does.
 */
async function makeParents(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeParents(dirname(folder));
  await makeFolder(folder);
  if (isRoot()) await chmod(folder, 0o755);
}

/** Another process may make it at the same moment. */
async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
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
