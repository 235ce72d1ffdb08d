/** Where the application is set up. */
export const developerPortal = 'https://discord.com/developers/applications';

export type Status = 'ok' | 'warn' | 'fail';

/** What one check found. `action` says what to do; null when all is well or the message says it. */
export type Finding = { check: string; status: Status; message: string; action: string | null };

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message, action: null };
}

/** It works, but not all of it. */
export function warn(check: string, message: string, action: string): Finding {
  return { check, status: 'warn', message, action };
}

/** Clipdex cannot do its work like this. */
export function fail(check: string, message: string, action: string | null): Finding {
  return { check, status: 'fail', message, action };
}
