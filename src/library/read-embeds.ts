import { isRecord } from '../lib/is-record.ts';
import {
  CONTENT_TYPE_MAX_LENGTH,
  type Finds,
  type Holder,
  INT4_MAX,
  PLACEHOLDER_MAX_LENGTH,
  readEntries,
  TITLE_MAX_LENGTH,
  URL_MAX_LENGTH,
} from './found-files.ts';
import { noClip } from './read-attachments.ts';
import { bareUrl, nameInUrl, remoteLinks } from './remote-media.ts';
import { linkExpiry } from './signed-link.ts';
import { formatsOf, isOtherType } from './video-formats.ts';
import { readRecord, readText, readUrl, readWholeNumber } from './wire-values.ts';

const MAX_EMBEDS = 25; // of one message or snapshot; Discord allows 10
const PROVIDER_MAX_LENGTH = 256;
const TYPE_MAX_LENGTH = 40;

/**
 * The embeds that carry a video, whatever their type: players of other sites, moving pictures (`gifv`), links to
 * files. An embed has no id: it is known by its place among the embeds of its message, so a place keeps its key.
 */
export function readEmbeds(holder: Holder, named: ReadonlySet<string>, finds: Finds): void {
  const entries = readEntries(holder.wire, 'embeds', MAX_EMBEDS, holder.place, finds);
  for (const [index, value] of entries.entries()) {
    if (!isRecord(value)) {
      finds.skipped.push({ place: `${holder.place}embeds.${index}`, reason: 'not_an_object' });
    } else if (value.video !== undefined && value.video !== null) {
      readEmbed(value, index, holder, named, finds);
    }
  }
}

function readEmbed(
  wire: Record<string, unknown>,
  index: number,
  holder: Holder,
  named: ReadonlySet<string>,
  finds: Finds,
): void {
  const place = `${holder.place}embeds.${index}`;
  const { video } = wire;
  if (!isRecord(video)) {
    finds.skipped.push({ place, reason: 'not_an_object' });
    return;
  }
  const contentType = readText(video.content_type, CONTENT_TYPE_MAX_LENGTH);
  // What is not a video file (a player's page, a picture) is left to the page that it stands on.
  const copy = isOtherType(contentType) ? null : video.proxy_url;
  const original = readUrl(video.url, URL_MAX_LENGTH);
  const links = remoteLinks(original, copy, readUrl(wire.url, URL_MAX_LENGTH));
  if (links === null) {
    finds.skipped.push({ place, reason: 'no_url' });
    return;
  }
  if (isOwnFile(original, finds)) return;
  const filename = nameInUrl(original ?? links.url) ?? 'video';
  const thumbnail = readRecord(wire.thumbnail);
  finds.files.push({
    ...links,
    ...noClip,
    id: `${holder.key}-e${index}`,
    source: holder.isForwarded ? 'forward' : 'embed',
    caption: holder.caption,
    filename,
    formats: links.proxyUrl === null ? [] : (formatsOf(filename, contentType, named) ?? []),
    title: readText(wire.title, TITLE_MAX_LENGTH),
    contentType: links.proxyUrl === null ? null : contentType,
    sizeBytes: null,
    width: readWholeNumber(video.width, INT4_MAX),
    height: readWholeNumber(video.height, INT4_MAX),
    durationSecs: null,
    placeholder:
      readText(video.placeholder, PLACEHOLDER_MAX_LENGTH) ??
      readText(thumbnail.placeholder, PLACEHOLDER_MAX_LENGTH),
    isSpoiler: false,
    embedType: readText(wire.type, TYPE_MAX_LENGTH),
    provider: readText(readRecord(wire.provider).name, PROVIDER_MAX_LENGTH),
    thumbnailUrl: lastingUrl(thumbnail.proxy_url),
  });
}

/** Stills are kept without an end, so one of a signed link is left out: the file's own link is renewed with it. */
function lastingUrl(value: unknown): string | null {
  const url = readUrl(value, URL_MAX_LENGTH);
  return url === null || linkExpiry(url) === null ? url : null;
}

/** Whether this address is that of a file that was found already: bots show their uploads in embeds and components. */
export function isOwnFile(url: string | null, { files }: Finds): boolean {
  if (url === null || files.length === 0) return false;
  const bare = bareUrl(url);
  return files.some((file) => bareUrl(file.url) === bare || bareUrl(file.proxyUrl ?? '') === bare);
}
