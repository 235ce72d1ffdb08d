/** Writes src/sandbox/clips/clips.json: what Discord would tell about each committed clip. Run by make-clips.sh. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { rgbaToThumbHash } from 'thumbhash';

const folder = join(import.meta.dirname, '../src/sandbox/clips');
/** ThumbHash takes pictures of at most 100 × 100. */
const LONGEST_SIDE = 96;

const contentTypes: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
};

function describe(file: string) {
  const probe = execFileSync('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height:format=duration'],
    ...['-of', 'json', join(folder, file)],
  ]);
  const { streams, format } = JSON.parse(probe.toString()) as {
    streams: [{ width: number; height: number }];
    format: { duration: string };
  };
  const [{ width, height }] = streams;
  const still = file.replace(/\.\w+$/, '.webp');
  return {
    file,
    still,
    contentType: contentTypes[extname(file)],
    sizeBytes: statSync(join(folder, file)).size,
    width,
    height,
    durationSecs: Math.round(Number(format.duration) * 1000) / 1000,
    placeholder: thumbHashOf(still, width, height),
  };
}

function thumbHashOf(still: string, width: number, height: number): string {
  const scale = LONGEST_SIDE / Math.max(width, height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const pixels = execFileSync('ffmpeg', [
    ...['-v', 'error', '-i', join(folder, still), '-vf', `scale=${w}:${h}`],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgba', '-'],
  ]);
  return Buffer.from(rgbaToThumbHash(w, h, pixels)).toString('base64');
}

const clips = readdirSync(folder)
  .filter((file) => extname(file) in contentTypes)
  .sort()
  .map(describe);
writeFileSync(join(folder, 'clips.json'), `${JSON.stringify(clips, null, 2)}\n`);
