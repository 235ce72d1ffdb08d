import { clips, stillOf } from '../generate/clip-catalogue.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { contentTypeOf, gone, sendFile } from './attachments.ts';
import { fileBody } from './file-body.ts';

/** Discord's copy of a clip, or of its still, that lies on another site. Such copies need no signature. */
export async function serveExternal(_: Sandbox, request: ApiRequest): Promise<Answer> {
  const { copy = '', filename = '' } = request.params;
  const clip = clips.find(({ file }) => file === copy || stillOf(file) === copy);
  if (!clip) return gone();
  const isStill = copy !== clip.file;
  const file = {
    id: `external ${copy}`,
    filename: isStill ? copy : filename,
    size: clip.sizeBytes,
    clip: copy,
  };
  return sendFile(request, await fileBody(file), contentTypeOf({ ...file, filename: copy }), file.id);
}
