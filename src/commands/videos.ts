import { listVideos, readVideoScope } from '../db/videos-list.ts';
import type { Video } from '../http/contract.ts';
import { toVideo } from '../http/videos.ts';
import { formatSize } from '../lib/format-size.ts';
import { formatDuration, formatTime } from './format.ts';
import { checkScope, type LibraryScope } from './library-scope.ts';
import { type Command, exitCodes } from './run-command.ts';
import { type Column, formatTable } from './table.ts';
import { withDatabase } from './with-database.ts';

export type VideosOptions = LibraryScope & { limit: number };

export function showVideos(options: VideosOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, options);
      const scope = await readVideoScope(db, { channelId: options.channel, guildId: options.guild });
      const videos = (await listVideos(db, 'everything', scope, { limit: options.limit })).map(toVideo);
      context.output.json(videos);
      context.output.line(videos.length === 0 ? 'There are no videos yet.' : formatTable(columns, videos));
      return exitCodes.done;
    });
}

const columns: Column<Video>[] = [
  { title: 'posted at', value: (video) => formatTime(video.postedAt) },
  { title: 'guild', value: (video) => video.guildName },
  { title: 'channel', value: (video) => video.channelName ?? video.channelId },
  { title: 'author', value: ({ author }) => author?.globalName ?? author?.username ?? '–' },
  { title: 'file', value: (video) => video.title ?? video.filename },
  { title: 'length', value: (video) => formatDuration(video.durationSecs), isNumber: true },
  { title: 'size', value: (video) => formatSize(video.sizeBytes), isNumber: true },
  { title: 'message', value: (video) => video.messageUrl },
];
