import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Subkey } from './instance-key.ts';

/** What is to be stored of a sealed text, beside the name of its key. */
export type Sealed = { keyId: string; bytes: Buffer };

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12; // what GCM is made for; at random, a key is good for some 2^32 texts
const TAG_BYTES = 16;
const EXPIRY_BYTES = 8;
const MAX_SEALED_TEXT_LENGTH = 8_192; // characters; browsers send no longer cookies

/**
 * Seals texts so that only this instance can read or make them. The `context` says what a text is for (`grant:<user>`):
 * it opens with the same context alone, so a row that was copied to another user is worth nothing there.
 */
export class Sealer {
  readonly #current: Subkey;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @param keys the one that seals, then those that only open. */
  constructor(keys: readonly [Subkey, ...Subkey[]]) {
    this.#current = keys[0];
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** Of the key that seals. */
  get keyId(): string {
    return this.#current.id;
  }

  seal(text: string, context: string): Sealed {
    return { keyId: this.keyId, bytes: encrypt(this.#current.key, text, `stored ${context}`) };
  }

  /** null: sealed with a key that we do not have, in another context, or not by us. */
  open(keyId: string, bytes: Buffer, context: string): string | null {
    const key = this.#keys.get(keyId);
    return key ? decrypt(key, bytes, `stored ${context}`) : null;
  }

  /** One text for a place that only holds texts (a cookie): with the name of its key and its end inside. */
  sealText(text: string, context: string, expiresAt: number): string {
    const head = Buffer.alloc(EXPIRY_BYTES);
    head.writeBigUInt64BE(BigInt(expiresAt));
    const bytes = encrypt(this.#current.key, text, `until ${expiresAt} ${context}`);
    return Buffer.concat([Buffer.from(this.keyId, 'hex'), head, bytes]).toString('base64url');
  }

  /** null also when its time is over. Times are milliseconds since 1970. */
  openText(sealed: string, context: string, now: number): string | null {
    if (sealed.length > MAX_SEALED_TEXT_LENGTH) return null;
    const bytes = Buffer.from(sealed, 'base64url');
    const idBytes = this.keyId.length / 2;
    if (bytes.length < idBytes + EXPIRY_BYTES) return null;
    const key = this.#keys.get(bytes.subarray(0, idBytes).toString('hex'));
    const expiresAt = bytes.readBigUInt64BE(idBytes);
    if (!key || expiresAt <= BigInt(now)) return null;
    return decrypt(key, bytes.subarray(idBytes + EXPIRY_BYTES), `until ${expiresAt} ${context}`);
  }
}

/** Nonce, ciphertext, tag. */
function encrypt(key: Buffer, text: string, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(
    Buffer.from(context),
  );
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Buffer, context: string): string | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null; // the tag does not fit
  }
}
