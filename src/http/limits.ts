import type { Limit } from './door.ts';

/** All limits of requests. They hold across all processes of the web role. */
const MINUTE_SECS = 60;

/** To Discord, for a login. People who share an address log in at once. */
export const loginLimit: Limit = { name: 'login', by: 'address', count: 30, perSecs: MINUTE_SECS };

/** Back from Discord, after a login or an install, with a code to exchange: all who went there, and some again. */
export const returnLimit: Limit = { name: 'return', by: 'address', count: 60, perSecs: MINUTE_SECS };

/** Each makes a row that lives for minutes. */
export const installLimit: Limit = { name: 'install', by: 'viewer', count: 10, perSecs: MINUTE_SECS };

/** Far more than anybody scrolls or types; a script that mirrors a library takes pages of 100. */
export const searchLimit: Limit = { name: 'search', by: 'viewer', count: 600, perSecs: MINUTE_SECS };

/** A page of the list shows 50 posters, and a wall of screens more. */
export const linkLimit: Limit = { name: 'link', by: 'viewer', count: 3_000, perSecs: MINUTE_SECS };

/** Each asks Discord some questions about every guild; those who ask at once share the answer. */
export const doctorLimit: Limit = { name: 'doctor', by: 'viewer', count: 10, perSecs: MINUTE_SECS };

/** What changes something, and queues work. */
export const changeLimit: Limit = { name: 'change', by: 'viewer', count: 120, perSecs: MINUTE_SECS };
