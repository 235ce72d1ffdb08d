import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { Access } from './access.ts';
import { GuildLists } from './guild-lists.ts';
import { type LoginOptions, openLoginServices } from './login-services.ts';
import { MemberReader } from './member-reader.ts';
import { ViewerSights } from './viewer-sight.ts';

export type AccessOpening = LoginOptions & {
  operatorIds: readonly string[];
  installs: 'open' | 'operators';
  intentSecs: number;
  findBotUserId: () => Promise<string>;
  clock: Clock;
  log: Logger;
};

export type OpenAccess = { access: Access; close(): Promise<void> };

/** Puts together what the web role needs to know of its viewers. @throws ClipdexError as `openLoginServices` */
export async function openAccess(options: AccessOpening): Promise<OpenAccess> {
  const { db, rest, clock, log, signal, operatorIds, installs, intentSecs, findBotUserId } = options;
  const login = await openLoginServices(options);
  const lists = new GuildLists({ db, grants: login.grants, clock, log });
  const members = new MemberReader({ rest, clock, log, signal });
  const sights = new ViewerSights({ db, members, lists });
  const access = new Access({ login, sights, operatorIds, installs, intentSecs, findBotUserId });
  return { access, close: () => login.close() };
}
