const MAX_SIDE_PX = 640; // of a still; the grid's cards are at most half as wide, for sharp screens
const UNKNOWN_SIZE = { width: 640, height: 360 };

/** The media proxy's still of a video: it needs the size, and the signature of `proxyUrl` as it is. */
export function posterUrl(proxyUrl: string, width: number | null, height: number | null): string {
  const size = width && height ? scaleDown(width, height) : UNKNOWN_SIZE;
  const url = new URL(proxyUrl);
  url.searchParams.set('format', 'webp');
  url.searchParams.set('width', String(size.width));
  url.searchParams.set('height', String(size.height));
  return url.href;
}

function scaleDown(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
