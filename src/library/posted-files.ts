import type { NewAuthor, PostedSkip, PostedVideo } from '../db/videos.ts';
import { extractVideos } from './extract-videos.ts';

/** The files of many messages as the writing statements take them: each file and each author once, as told last. */
export class PostedFiles {
  readonly #videos = new Map<string, PostedVideo>();
  readonly #skipped = new Map<string, PostedSkip>();
  readonly #authors = new Map<string, NewAuthor>();

  get videos(): PostedVideo[] {
    return [...this.#videos.values()];
  }

  get skipped(): PostedSkip[] {
    return [...this.#skipped.values()];
  }

  get authors(): NewAuthor[] {
    return [...this.#authors.values()];
  }

  /** `named`: see `extractVideos`. */
  add(message: unknown, channelId: string, named: ReadonlySet<string>): void {
    const { videos, skipped, author } = extractVideos(message, named);
    for (const video of videos) this.#videos.set(`${video.messageId} ${video.id}`, { ...video, channelId });
    for (const skip of skipped) this.#skipped.set(`${skip.messageId} ${skip.place}`, { ...skip, channelId });
    if (author) this.#authors.set(author.id, author);
  }
}
