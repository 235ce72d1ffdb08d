export type PollQuestion = { question: string; answers: readonly string[] };

/** Said anywhere. */
export const emojiLines = [
  '😂',
  '🔥🔥🔥',
  '👏',
  '❤️',
  '🫡',
  '👀',
  'haha',
  'lol',
  'yesss',
  'oh no',
  '🥲',
  '+1',
  '💯',
  '🙏',
  ':o',
  '🎉🎉',
];

export const linkLines = [
  'found this, worth a read: https://{host}/posts/{count}{count}',
  'notes of the evening: https://{host}/n/{count}{count}{count}',
  'https://{host}/t/{count}-{count}',
  'this explains it better than I can <https://{host}/guide#part-{count}>',
  'bookmarking for later https://{host}/list/{count}',
];

const fence = '```';

export const codeBlocks = [
  `this fixed it for me:\n${fence}sh\nffmpeg -i input.mov -c copy -movflags +faststart output.mp4\n${fence}`,
  `my config, in case it helps\n${fence}json\n{ "fps": 60, "bitrate": 6000, "encoder": "hardware" }\n${fence}`,
  `${fence}\nerror: could not open device (busy)\n${fence}\nanyone seen this one?`,
  `small script for renaming a whole card:\n${fence}py\nfor i, clip in enumerate(sorted(folder.glob("*.MP4"))):\n    clip.rename(folder / f"day1_{i:03}.mp4")\n${fence}`,
  `${fence}ts\nconst loop = clips.filter((clip) => clip.seconds < 10);\n${fence}\nyes, it really is that short`,
  'try `--preset slow` and compare the sizes, the difference is surprising',
];

export const pollQuestions: readonly PollQuestion[] = [
  {
    question: 'When should we meet?',
    answers: ['Friday evening', 'Saturday morning', 'Sunday afternoon', 'I cannot this week'],
  },
  {
    question: 'Which video wins the week?',
    answers: ['The first one', 'The second one', 'The one with the duck'],
  },
  { question: 'Shorter or longer videos?', answers: ['Under a minute', 'As long as it needs'] },
  { question: 'Snacks for the get-together?', answers: ['Popcorn', 'Fruit', 'Cake', 'All of it'] },
];
