import type { APIUser } from 'discord-api-types/v10';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { World } from '../world.ts';

const COOKIE = 'sandbox_person';

/**
 * Who sits at this browser: the one named by `as` in the address, or who approved something last, as Discord knows its
 * users by its own login. So an install asks the one who has just logged in.
 */
export function personOf({ users }: World, request: ApiRequest): APIUser | undefined {
  const user = users.get(request.query.get('as') ?? readCookie(request) ?? '');
  return user?.bot ? undefined : user;
}

/** For these pages alone: cookies know no ports, and the client under test runs on this host too. */
export function rememberPerson(answer: Answer, userId: string): Answer {
  const cookie = `${COOKIE}=${userId}; Path=/oauth2; HttpOnly; SameSite=Lax`;
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } };
}

function readCookie({ headers }: ApiRequest): string | undefined {
  const pairs = (headers.cookie ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
