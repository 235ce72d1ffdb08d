import { expect, test } from 'vitest';
import { formatsOf } from './video-formats.ts';

const named = new Set(['mp4', 'clipz']);

test.each([
  ['clip.mp4', 'video/mp4', ['mp4']],
  ['CLIP.MP4', null, ['mp4']],
  ['Final.Cut.MOV', '', ['mov']],
  ['clip.mkv', 'video/mp4', ['mkv']],
  ['clip.rmvb', 'application/octet-stream', ['rmvb']],
  ['clip', 'video/quicktime', ['mov']],
  ['clip.bin', 'video/webm; codecs=vp9', ['bin', 'webm']],
  ['clip.xyz', 'VIDEO/X-Strange', ['xyz', 'strange']],
  ['clip', 'video/vnd.something.long', []],
  ['clip', 'video/__proto__', []],
  ['clip.clipz', null, ['clipz']],
  ['clip.zip', null, null],
  ['clip', null, null],
  ['clip', 'application/octet-stream', null],
  ['clip.mp4', 'image/png', null],
  ['voice.webm', 'audio/webm', null],
  ['mp4', null, null],
  ['.mp4', null, ['mp4']],
])('%s of type %s is counted by %o', (filename, contentType, formats) => {
  expect(formatsOf(filename, contentType, named)).toEqual(formats);
});
