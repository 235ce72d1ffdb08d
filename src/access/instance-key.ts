import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClipdexError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';

/** A key for one purpose. `id` names it without telling it. */
export type Subkey = { id: string; key: Buffer };

const KEY_BYTES = 32; // of a key that we make, and of every subkey
const MIN_SECRET_LENGTH = 32; // characters, as of SECRET_KEY
const KEY_ID_BYTES = 8; // nobody has so many keys that two would share one
const KEY_FILE = 'secret-key';

export type InstanceKeyOptions = {
  /** null: the one in the data directory. */
  secretKey: string | null;
  formerSecretKeys: readonly string[];
  dataDir: string;
  log: Logger;
};

/** The secret of this instance and its predecessors, from which a key for each purpose is derived. */
export class InstanceKey {
  readonly #secrets: readonly string[];

  constructor(current: string, former: readonly string[] = []) {
    this.#secrets = [current, ...former];
  }

  /** The current key for this purpose first, then those of the former secrets. */
  subkeys(purpose: string): [Subkey, ...Subkey[]] {
    const [current = '', ...former] = this.#secrets;
    return [derive(current, purpose), ...former.map((secret) => derive(secret, purpose))];
  }
}

/** @throws ClipdexError `secret_key_unusable` */
export async function loadInstanceKey(options: InstanceKeyOptions): Promise<InstanceKey> {
  const { secretKey, formerSecretKeys, dataDir, log } = options;
  return new InstanceKey(secretKey ?? (await readOrMakeSecret(dataDir, log)), formerSecretKeys);
}

function derive(secret: string, purpose: string): Subkey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `clipdex ${purpose}`, KEY_BYTES));
  const id = createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES).toString('hex');
  return { id, key };
}

async function readOrMakeSecret(dataDir: string, log: Logger): Promise<string> {
  const path = join(dataDir, KEY_FILE);
  try {
    return (await readSecret(path, log)) ?? (await makeSecret(dataDir, path, log));
  } catch (error) {
    if (error instanceof ClipdexError) throw error;
    throw unusable(path, `cannot be used: ${messageOf(error)}`, error);
  }
}

/** Undefined when there is none yet. */
async function readSecret(path: string, log: Logger): Promise<string | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    await tighten(file, path, log);
    const secret = (await file.readFile('utf8')).trim();
    if (secret.length < MIN_SECRET_LENGTH) throw unusable(path, 'is too short to be a key');
    return secret;
  } finally {
    await file.close();
  }
}

/** Whoever is first makes the key: a link to a whole file either appears or is refused, so nobody reads half of one. */
async function makeSecret(dataDir: string, path: string, log: Logger): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeDurably(draft, `${randomBytes(KEY_BYTES).toString('base64url')}\n`);
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  await syncDirectory(dataDir); // or a power cut could take the key, and what is sealed with it stay
  const secret = await readSecret(path, log);
  if (secret === undefined) throw unusable(path, 'was taken away while it was made');
  return secret;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Some file systems know no permissions, or let only the owner change them: then it is told, and no reason to stop. */
async function tighten(file: FileHandle, path: string, log: Logger): Promise<void> {
  if (((await file.stat()).mode & 0o077) === 0) return;
  try {
    await file.chmod(0o600);
  } catch (error) {
    log.warn({ path, err: messageOf(error) }, 'the secret key can be read by others on this machine');
  }
}

function unusable(path: string, problem: string, cause?: unknown): ClipdexError {
  return new ClipdexError(
    'secret_key_unusable',
    `The secret key in ${path} ${problem}. Put the former file back, set SECRET_KEY to at least ${MIN_SECRET_LENGTH} random characters, or delete the file: a new key is made, and everybody has to log in again.`,
    { cause },
  );
}
