import { AttachmentFlags } from 'discord-api-types/v10';
import { clips } from '../generate/clip-catalogue.ts';
import type { Sandbox } from '../sandbox.ts';
import type { WorldAttachment } from '../world.ts';
import { ControlError, type Fields, readFields } from './fields.ts';

/** Discord's largest upload, with the highest boost. */
const MAX_FILE_BYTES = 500 * 1024 * 1024;
const DEFAULT_FILE_BYTES = 10_000;

/**
 * The field `files`: `{clip}` hangs a committed clip on the message, under `filename` if given; without a clip the
 * file is made-up bytes of `size`. `content_type: ""` leaves the type out, as Discord sometimes does.
 */
export function filesIn(sandbox: Sandbox, fields: Fields): WorldAttachment[] {
  return fields.objects('files').map((file) => readFile(sandbox, readFields(file)));
}

function readFile({ state }: Sandbox, fields: Fields): WorldAttachment {
  const clipName = fields.optional('clip', fields.text);
  const clip = clips.find(({ file }) => file === clipName);
  if (clipName !== undefined && !clip) {
    throw new ControlError('files', `files: no clip is called ${clipName}; GET /_sandbox/world lists them`);
  }
  const contentType = fields.optional('content_type', fields.text) ?? clip?.contentType;
  const isSpoiler = fields.optional('spoiler', fields.boolean) ?? false;
  const size = fields.optional('size', (name) => fields.integer(name, 1, MAX_FILE_BYTES));
  return {
    id: state.nextId(),
    filename: fields.optional('filename', fields.text) ?? clip?.file ?? 'file.bin',
    size: clip?.sizeBytes ?? size ?? DEFAULT_FILE_BYTES,
    ...(contentType && { content_type: contentType }),
    ...(clip && {
      clip: clip.file,
      width: clip.width,
      height: clip.height,
      duration_secs: clip.durationSecs,
      placeholder: clip.placeholder,
      placeholder_version: 1,
    }),
    ...(isSpoiler && { flags: AttachmentFlags.IsSpoiler }),
  };
}
