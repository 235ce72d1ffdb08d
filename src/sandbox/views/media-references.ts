/** A file of the same message, as embeds and components name it. */
const ATTACHMENT_SCHEME = 'attachment://';

type SignedFile = {
  id: string;
  filename: string;
  url: string;
  proxy_url: string;
  content_type?: string;
  width?: number | null;
  height?: number | null;
};

/**
 * Replaces `attachment://name` in embeds and components by the file's signed links, as Discord does when it sends
 * them. Values without such a reference are returned as they are.
 */
export function resolveMedia<Value>(value: Value, files: readonly SignedFile[]): Value {
  if (files.length === 0 || !JSON.stringify(value).includes(ATTACHMENT_SCHEME)) return value;
  return resolve(value, files) as Value;
}

function resolve(value: unknown, files: readonly SignedFile[]): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, files));
  if (typeof value !== 'object' || value === null) return value;
  const file = referencedFile(value, files);
  const resolved = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, files)]),
  );
  return file ? { ...resolved, ...mediaOf(file) } : resolved;
}

function referencedFile(value: object, files: readonly SignedFile[]): SignedFile | undefined {
  const url = 'url' in value && typeof value.url === 'string' ? value.url : '';
  if (!url.startsWith(ATTACHMENT_SCHEME)) return undefined;
  return files.find((file) => file.filename === url.slice(ATTACHMENT_SCHEME.length));
}

function mediaOf(file: SignedFile) {
  return {
    url: file.url,
    proxy_url: file.proxy_url,
    ...(file.content_type !== undefined && { content_type: file.content_type }),
    ...(file.width != null && { width: file.width }),
    ...(file.height != null && { height: file.height }),
  };
}
