/** "Every 10 minutes", "Daily at 03:40 UTC"; what is more special, as it is written. */
export function cronWords(cron: string): string {
  const [minute = '', hour = '', ...days] = cron.split(' ');
  if (days.some((field) => field !== '*')) return `By the cron ${cron} (UTC)`;
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (hour === '*' && minute === '*') return 'Every minute';
  if (hour === '*' && step !== undefined && 60 % Number(step) === 0) return `Every ${step} minutes`;
  if (hour === '*' && isNumber(minute)) return `Every hour at :${minute.padStart(2, '0')}`;
  if (isNumber(hour) && isNumber(minute)) {
    return `Daily at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')} UTC`;
  }
  return `By the cron ${cron} (UTC)`;
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field);
}
