/** Content types of video files, with the format (a file extension) that each stands for. */
const formatByContentType = new Map([
  ['video/mp4', 'mp4'],
  ['video/webm', 'webm'],
  ['video/quicktime', 'mov'],
  ['video/x-m4v', 'm4v'],
  ['video/x-matroska', 'mkv'],
  ['video/matroska', 'mkv'],
  ['video/x-msvideo', 'avi'],
  ['video/vnd.avi', 'avi'],
  ['video/x-ms-wmv', 'wmv'],
  ['video/x-ms-asf', 'asf'],
  ['video/x-flv', 'flv'],
  ['video/mpeg', 'mpg'],
  ['video/mp2t', 'ts'],
  ['video/3gpp', '3gp'],
  ['video/3gpp2', '3g2'],
  ['video/ogg', 'ogv'],
]);

/**
 * Extensions of video files: what a file of a vague type is known by. A file of such a type with any other extension
 * is kept only where the settings name that extension; to keep all of them would be to keep archives and programs.
 */
const videoExtensions = new Set([
  ...formatByContentType.values(),
  ...['qt', 'f4v', 'mk3d', 'divx', 'xvid', 'ogm', 'ogx', '3gpp', 'y4m', 'ivf', 'nut', 'amv', 'mjpg', 'mjpeg'],
  ...[
    'mpeg',
    'mpe',
    'm1v',
    'm2v',
    'mpv',
    'vob',
    'mts',
    'm2ts',
    'm2t',
    'trp',
    'mod',
    'tod',
    'mxf',
    'dv',
    'wtv',
  ],
  ...[
    'rm',
    'rmvb',
    'bik',
    'bk2',
    'braw',
    'r3d',
    'insv',
    'lrv',
    'h264',
    '264',
    'h265',
    '265',
    'hevc',
    'av1',
    'obu',
  ],
]);

/** Types that say nothing about the content, or not whether it moves. */
const vagueTypes: ReadonlySet<string> = new Set([
  ...['', 'application/octet-stream', 'binary/octet-stream', 'application/mp4', 'application/mxf'],
  ...['application/x-matroska', 'application/vnd.rn-realmedia', 'application/vnd.rn-realmedia-vbr'],
]);

const FORMAT = /^[a-z0-9]{1,10}$/; // as the setting takes them

/**
 * The formats by which the setting `video_formats` can count a file, best first; null: the file is no video.
 * The content type decides whether it is one; where it is absent or vague, the extension does, be it a known one or
 * `named` by the settings. The extension names the format; where it names none of videos, so does the type. An empty
 * list is a video that no setting can name.
 */
export function formatsOf(
  filename: string,
  contentType: string | null,
  named: ReadonlySet<string>,
): string[] | null {
  const type = bareType(contentType);
  const extension = extensionOf(filename);
  const isKnown = extension !== null && videoExtensions.has(extension);
  if (vagueTypes.has(type)) {
    return extension !== null && (isKnown || named.has(extension)) ? [extension] : null;
  }
  if (!type.startsWith('video/')) return null;
  if (isKnown) return [extension];
  const typeFormat = formatByContentType.get(type) ?? type.slice('video/'.length).replace(/^x-/, '');
  const formats = [extension, FORMAT.test(typeFormat) ? typeFormat : null];
  return [...new Set(formats.filter((format) => format !== null))];
}

/** Whether the type alone tells that this is no video. */
export function isOtherType(contentType: string | null): boolean {
  const type = bareType(contentType);
  return !vagueTypes.has(type) && !type.startsWith('video/');
}

/** Without parameters: "video/mp4; codecs=av1" → "video/mp4". */
function bareType(contentType: string | null): string {
  return contentType === null ? '' : (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** "Clip.Final.MP4" → "mp4"; null without one. */
export function extensionOf(filename: string): string | null {
  const dot = filename.lastIndexOf('.');
  const extension = dot < 0 ? '' : filename.slice(dot + 1).toLowerCase();
  return FORMAT.test(extension) ? extension : null;
}
