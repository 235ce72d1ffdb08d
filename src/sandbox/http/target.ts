/** Where a request goes: Discord's API below a version, or the site around it. */
export type Target = { area: 'api' | 'site'; path: string; query: URLSearchParams };

const knownVersion = /^v(9|10)$/;
const anyVersion = /^v\d+$/;

/** Undefined for what no address of ours looks like: malformed escapes, or a version that Discord has retired. */
export function readTarget(url: string): Target | undefined {
  const [rawPath = '/', rawQuery = ''] = splitOnce(url, '?');
  const segments = decodeSegments(rawPath);
  if (!segments) return undefined;
  const query = new URLSearchParams(rawQuery);
  const [, first, second = ''] = segments;
  if (first !== 'api') return { area: 'site', path: segments.join('/'), query };
  if (anyVersion.test(second) && !knownVersion.test(second)) return undefined;
  const rest = segments.slice(knownVersion.test(second) ? 3 : 2);
  return { area: 'api', path: `/${rest.join('/')}`, query };
}

/** `%40me` becomes `@me`. A segment that hides a slash would change the path: it stays as it is. */
function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split('/').map((segment) => {
      const decoded = decodeURIComponent(segment);
      return decoded.includes('/') ? segment : decoded;
    });
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
