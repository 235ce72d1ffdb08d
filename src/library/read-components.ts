import { isSnowflake } from '../discord/snowflake.ts';
import { isRecord } from '../lib/is-record.ts';
import {
  CONTENT_TYPE_MAX_LENGTH,
  type Finds,
  type Holder,
  INT4_MAX,
  NAME_MAX_LENGTH,
  PLACEHOLDER_MAX_LENGTH,
  URL_MAX_LENGTH,
} from './found-files.ts';
import { noClip } from './read-attachments.ts';
import { isOwnFile } from './read-embeds.ts';
import { nameInUrl, remoteLinks } from './remote-media.ts';
import { linkExpiry } from './signed-link.ts';
import { formatsOf, isOtherType } from './video-formats.ts';
import { readText, readUrl, readWholeNumber } from './wire-values.ts';

const MAX_DEPTH = 10; // Discord nests three deep: container, section, accessory
const MAX_COMPONENTS = 500; // looked at in one message or snapshot; Discord allows 40

/**
 * The videos in the components of a message: galleries, files and whatever holds such, by their fields rather than
 * their types, so that a component which Discord invents next is looked through as well. A file without an attachment
 * id is known by its place among the media of its message.
 */
export function readComponents(holder: Holder, named: ReadonlySet<string>, finds: Finds): void {
  if (holder.wire.components === undefined || holder.wire.components === null) return;
  const walk: Walk = { holder, named, finds, mediaCount: 0, componentCount: 0 };
  visitList(holder.wire.components, `${holder.place}components`, 0, walk);
}

type Walk = {
  holder: Holder;
  named: ReadonlySet<string>;
  finds: Finds;
  mediaCount: number;
  componentCount: number;
};

function visitList(list: unknown, place: string, depth: number, walk: Walk): void {
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) {
    walk.finds.skipped.push({ place, reason: 'not_a_list' });
    return;
  }
  for (const [index, value] of list.entries()) {
    if (walk.componentCount >= MAX_COMPONENTS) {
      walk.finds.skipped.push({ place: `${walk.holder.place}components`, reason: 'too_many' });
      return;
    }
    visit(value, `${place}.${index}`, depth, walk);
  }
}

function visit(value: unknown, place: string, depth: number, walk: Walk): void {
  walk.componentCount += 1;
  if (depth >= MAX_DEPTH || !isRecord(value)) {
    walk.finds.skipped.push({ place, reason: isRecord(value) ? 'too_deep' : 'not_an_object' });
    return;
  }
  if (value.media !== undefined) readMedia(value.media, value, `${place}.media`, walk);
  if (value.file !== undefined) readMedia(value.file, value, `${place}.file`, walk);
  visitList(value.items, `${place}.items`, depth + 1, walk);
  visitList(value.components, `${place}.components`, depth + 1, walk);
  if (value.accessory !== undefined) visit(value.accessory, `${place}.accessory`, depth + 1, walk);
  if (value.component !== undefined) visit(value.component, `${place}.component`, depth + 1, walk);
}

function readMedia(media: unknown, component: Record<string, unknown>, place: string, walk: Walk): void {
  const { holder, named, finds } = walk;
  const position = walk.mediaCount++;
  if (!isRecord(media)) {
    finds.skipped.push({ place, reason: 'not_an_object' });
    return;
  }
  const { attachment_id: attachmentId } = media;
  const contentType = readText(media.content_type, CONTENT_TYPE_MAX_LENGTH);
  if (isOtherType(contentType)) return;
  if (isSnowflake(attachmentId) && finds.attachmentIds.includes(attachmentId)) return;
  const url = readUrl(media.url, URL_MAX_LENGTH);
  const links = isSnowflake(attachmentId)
    ? uploadLinks(url, media.proxy_url)
    : remoteLinks(url, media.proxy_url, null);
  if (links === null) {
    finds.skipped.push({ place, reason: 'no_url' });
    return;
  }
  if (isOwnFile(url, finds)) return;
  const filename = readText(component.name, NAME_MAX_LENGTH) ?? nameInUrl(url ?? links.url) ?? 'video';
  const formats = formatsOf(filename, contentType, named);
  if (formats === null) return;
  finds.files.push({
    ...links,
    ...noClip,
    id: isSnowflake(attachmentId) ? attachmentId : `${holder.key}-c${position}`,
    source: holder.isForwarded ? 'forward' : 'component',
    caption: holder.caption,
    filename,
    formats: links.pageUrl !== null && links.proxyUrl === null ? [] : formats,
    title: null,
    contentType,
    sizeBytes: readWholeNumber(component.size, Number.MAX_SAFE_INTEGER),
    width: readWholeNumber(media.width, INT4_MAX),
    height: readWholeNumber(media.height, INT4_MAX),
    durationSecs: null,
    placeholder: readText(media.placeholder, PLACEHOLDER_MAX_LENGTH),
    isSpoiler: component.spoiler === true,
    embedType: null,
    provider: null,
    thumbnailUrl: null,
  });
}

/** Of a file that was uploaded for the component: Discord's own storage, like an attachment's. */
function uploadLinks(url: string | null, proxyUrl: unknown) {
  if (url === null) return null;
  return {
    url,
    proxyUrl: readUrl(proxyUrl, URL_MAX_LENGTH),
    urlExpiresAt: linkExpiry(url),
    pageUrl: null,
  };
}
