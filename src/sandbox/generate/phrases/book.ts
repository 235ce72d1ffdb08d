/** What people say in one kind of channel. `{slot}` is filled from the book's slots, else from the everyday ones. */
export type PhraseBook = {
  /** Written above a video. */
  captions: readonly string[];
  /** Open a conversation. */
  openers: readonly string[];
  /** Go on with it. */
  answers: readonly string[];
  /** Names of threads and forum posts. */
  titles: readonly string[];
  slots: Readonly<Record<string, readonly string[]>>;
  /** Base names of video files, without extension. */
  fileNames: readonly string[];
  /** Clips whose pictures suit the topic. */
  clips: readonly string[];
  reactions: readonly string[];
  /** Some videos are clips that Discord recorded from a game. */
  isAboutGames?: boolean;
};

export const bookNames = [
  'gaming',
  'speedruns',
  'climbing',
  'wheels',
  'film',
  'animation',
  'sound',
  'tech',
  'lounge',
  'notices',
  'rules',
  'japanese',
  'korean',
  'spanish',
  'german',
] as const;
export type BookName = (typeof bookNames)[number];
