/** Content types of video files, by the extension that stands for each; for files whose name does not tell. */
const extensionByContentType: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/x-m4v': 'm4v',
  'video/x-matroska': 'mkv',
  'video/matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/x-ms-wmv': 'wmv',
  'video/x-flv': 'flv',
  'video/mpeg': 'mpg',
  'video/3gpp': '3gp',
  'video/ogg': 'ogv',
};

const knownVideoExtensions = new Set([
  ...Object.values(extensionByContentType),
  'mpeg',
  '3g2',
  'm2ts',
  'mts',
  'ts',
]);
const EXTENSION_MAX_LENGTH = 10;

/**
 * The format of a file that counts as a video, as an extension in lower case, or null.
 * The content type decides whether it is a video at all; where it is absent or says nothing ("octet-stream"),
 * the extension does. The extension names the format; where it names none, the content type does.
 */
export function videoFormat(
  filename: string,
  contentType: string | null,
  formats: ReadonlySet<string>,
): string | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isVague = type === '' || type === 'application/octet-stream' || type === 'application/mp4';
  if (!isVague && !type.startsWith('video/')) return null;
  const extension = extensionOf(filename);
  if (extension !== null && formats.has(extension)) return extension;
  if (extension !== null && knownVideoExtensions.has(extension)) return null;
  const format = extensionByContentType[type];
  return format !== undefined && formats.has(format) ? format : null;
}

/** "Clip.Final.MP4" → "mp4"; null without one. */
export function extensionOf(filename: string): string | null {
  const dot = filename.lastIndexOf('.');
  const extension = dot < 0 ? '' : filename.slice(dot + 1).toLowerCase();
  return /^[a-z0-9]+$/.test(extension) && extension.length <= EXTENSION_MAX_LENGTH ? extension : null;
}
