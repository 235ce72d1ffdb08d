import { createHash } from 'node:crypto';
import { type Answer, text } from '../http/answer.ts';

/** A square of a colour of its own, with the first letter of the name: stands for any picture. */
export function swatch(name: string): Answer {
  const hue = createHash('md5').update(name).digest().readUInt16BE(0) % 360;
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase() ?? '·';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="128" height="128">
<rect width="128" height="128" fill="hsl(${hue} 45% 42%)"/>
<text x="64" y="84" font-family="sans-serif" font-size="58" text-anchor="middle" fill="#fff">${letter}</text>
</svg>`;
  const answer = text(svg, 200, 'image/svg+xml');
  return { ...answer, headers: { 'cache-control': 'public, max-age=86400' } };
}
