import { sendJson } from '../api/send-json.ts';

/** Logs this browser out. The page is loaded anew, so that nothing of the viewer stays in it. */
export async function logOut(): Promise<void> {
  await sendJson('POST', '/auth/logout');
  leaveToLanding();
}

export async function logOutEverywhere(): Promise<void> {
  await sendJson('DELETE', '/api/sessions');
  leaveToLanding();
}

export function leaveToLanding(): void {
  window.location.assign('/');
}
