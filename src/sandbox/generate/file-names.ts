import type { Random } from './random.ts';
import { HOUR_MS } from './world-time.ts';

/** What Discord keeps of a file's name: the one in its URL, and the real one where that lost something. */
export type FileName = { filename: string; title?: string };

/** Names that cameras, phones, recorders and people give, the same ones again and again. */
const everydayNames = [
  'clip',
  'video',
  'untitled',
  'output',
  'final',
  'final_final_v2',
  'export',
  'test',
  'IMG_0001',
];

/** Real names that lose characters on the way into a URL. */
const worldlyNames = [
  '夕焼けの練習',
  '冬の小屋から',
  '연습 영상 3번',
  'прогулка у маяка',
  'Überraschung auf der Rampe',
  'première descente à vélo',
  'canción de la azotea',
  'تجربة الإضاءة',
  '第一次爬到顶',
  'žluťoučký kůň běží',
];

/** Names as some clients send them, unescaped. */
const oddNames = [
  'the "one more try" video',
  "it's fine, it's fine",
  'we did it 🎉🎉',
  '🌙 night session',
  'take 12 (the good one) [real]',
  'before & after, 50% speed',
  '#1 fan #2 camera',
  'a+b=see you there',
];

/** Close to the 256 characters that Discord allows. */
const longName =
  'full_session_from_the_small_camera_on_the_left_side_before_we_moved_the_light_and_after_somebody_opened_the_window_'.concat(
    'uncut_with_all_the_talking_in_between_and_the_bit_at_the_end_where_everybody_waves_sorry_for_the_length',
  );

/** Between recording and posting. */
const LONGEST_DELAY_MS = 20 * HOUR_MS;

const styles = {
  topic: 34,
  phone: 22,
  everyday: 18,
  recorder: 10,
  camera: 6,
  worldly: 5,
  odd: 4,
  long: 1,
} as const;

export function makeVideoName(
  random: Random,
  topicNames: readonly string[],
  timeMs: number,
  extension: string,
): FileName {
  const ending = random.chance(0.04) ? `.${extension.toUpperCase()}` : `.${extension}`;
  const style = random.weighted(styles);
  if (style === 'worldly') return strippedName(random.pick(worldlyNames), ending);
  return {
    filename: `${baseName(random, style, topicNames, timeMs - random.int(0, LONGEST_DELAY_MS))}${ending}`,
  };
}

function baseName(
  random: Random,
  style: keyof typeof styles,
  topicNames: readonly string[],
  recordedMs: number,
): string {
  const moment = new Date(recordedMs).toISOString();
  const [date, time] = [moment.slice(0, 10), moment.slice(11, 19)];
  switch (style) {
    case 'phone':
      return `VID_${date.replaceAll('-', '')}_${time.replaceAll(':', '')}`;
    case 'recorder':
      return random.pick([
        `${date} ${time.replaceAll(':', '-')}`,
        `Screen_Recording_${date}_at_${time.replaceAll(':', '.')}`,
      ]);
    case 'camera':
      return random.pick([
        `GH01${random.int(1000, 9999)}`,
        `MVI_${random.int(1000, 9999)}`,
        `DSC_0${random.int(100, 999)}`,
      ]);
    case 'everyday':
      return random.pick(everydayNames);
    case 'odd':
      return random.pick(oddNames);
    case 'long':
      return longName;
    default:
      return random.pick(topicNames);
  }
}

/** Discord drops what is not ASCII from the name in the URL and keeps the real name as the title. */
function strippedName(name: string, ending: string): FileName {
  const kept = name
    .replaceAll(' ', '_')
    .replaceAll(/[^\w.-]/g, '')
    .replaceAll(/^_+|_+$/g, '');
  return { filename: `${kept || 'unknown'}${ending}`, title: name };
}
