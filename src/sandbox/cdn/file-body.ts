import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packageRoot } from '../../lib/package-root.ts';
import { stillOf } from '../generate/clip-catalogue.ts';
import type { WorldAttachment } from '../world.ts';

const clipsFolder = join(packageRoot, 'src/sandbox/clips');
/** Filler repeats after so many bytes; a size that no container format divides by. */
const FILLER_PERIOD_BYTES = 65_521;
const filler = Buffer.from(
  Uint8Array.from({ length: FILLER_PERIOD_BYTES }, (_, index) => (index * 31) % 251),
);

export type FileBody = { sizeBytes: number; open(first: number, last: number): Readable };

/** A file's bytes: those of its clip, or made-up ones of its size, which are never held in memory. */
export async function fileBody({ clip, size }: WorldAttachment): Promise<FileBody> {
  if (clip !== undefined) return diskBody(clip);
  return { sizeBytes: size, open: (first, last) => Readable.from(fillerBytes(first, last)) };
}

export function stillBody(clip: string): Promise<FileBody> {
  return diskBody(stillOf(clip));
}

async function diskBody(name: string): Promise<FileBody> {
  const path = join(clipsFolder, name);
  const { size: sizeBytes } = await stat(path);
  return { sizeBytes, open: (start, end) => createReadStream(path, { start, end }) };
}

function* fillerBytes(first: number, last: number): Generator<Buffer> {
  for (let at = first; at <= last; ) {
    const offset = at % FILLER_PERIOD_BYTES;
    const length = Math.min(FILLER_PERIOD_BYTES - offset, last - at + 1);
    yield filler.subarray(offset, offset + length);
    at += length;
  }
}
