import { createHmac, timingSafeEqual } from 'node:crypto';

/** A day, as Discord's links live. */
export const DEFAULT_LINK_LIFE_SECS = 24 * 60 * 60;

export type LinkTarget = { channelId: string; attachmentId: string; filename: string };

/**
 * Signed links to files: `?ex=…&is=…&hm=…`, times in hexadecimal seconds. The key comes from the world's seed,
 * so that a link survives a restart of the sandbox.
 */
export type Links = {
  /** The query with which a file may be fetched from now on, `?` included. */
  sign(target: LinkTarget): string;
  isValid(target: LinkTarget, query: URLSearchParams): boolean;
  /** Life of the links signed from now on. */
  setLifeSecs(lifeSecs: number): void;
  /** Every link signed so far is dead at once, whatever its `ex` says. */
  expireAll(): void;
};

export function createLinks(seed: number, now: () => number): Links {
  const key = `clipdex sandbox links ${seed}`;
  let lifeSecs = DEFAULT_LINK_LIFE_SECS;
  let generation = 0;

  const signature = (target: LinkTarget, ex: string, is: string) =>
    createHmac('sha256', key)
      .update(`${target.channelId}/${target.attachmentId}/${target.filename}:${ex}:${is}:${generation}`)
      .digest('hex');

  return {
    sign(target) {
      const issuedAt = Math.floor(now() / 1000);
      const ex = (issuedAt + lifeSecs).toString(16);
      const is = issuedAt.toString(16);
      return `?ex=${ex}&is=${is}&hm=${signature(target, ex, is)}&`;
    },
    isValid(target, query) {
      const [ex, is, hm] = ['ex', 'is', 'hm'].map((name) => query.get(name) ?? '');
      if (!ex || !is || !hm || !/^[0-9a-f]+$/.test(ex)) return false;
      const expected = Buffer.from(signature(target, ex, is));
      const given = Buffer.from(hm);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      return Number.parseInt(ex, 16) * 1000 > now();
    },
    setLifeSecs(secs) {
      lifeSecs = secs;
    },
    expireAll() {
      generation += 1;
    },
  };
}
