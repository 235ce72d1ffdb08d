import { parseCrontab } from 'graphile-worker';

const MINUTE_MS = 60_000;
const MAX_MINUTES = 62 * 24 * 60; // that of a monthly job is found; one that is looked for longer never comes, or once a year

/** When a schedule (cron, UTC) is due next, as the queue reads it; null: not within two months. */
export function nextRunAt(cron: string, nowMs: number): Date | null {
  const [item] = parseCrontab(`${cron} task`);
  if (!item) return null;
  let at = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  for (let minute = 0; minute < MAX_MINUTES; minute += 1) {
    at += MINUTE_MS;
    if (item.match(digestOf(new Date(at)))) return new Date(at);
  }
  return null;
}

function digestOf(time: Date) {
  return {
    min: time.getUTCMinutes(),
    hour: time.getUTCHours(),
    date: time.getUTCDate(),
    month: time.getUTCMonth() + 1,
    dow: time.getUTCDay(),
  };
}
