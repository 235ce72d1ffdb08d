import { json } from '../http/answer.ts';
import { unauthorized, unknownUser } from '../http/api-error.ts';
import { type ApiRequest, pathId } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { ownUserView, userView } from '../views/user.ts';

export function getOwnUser({ state }: Sandbox, { caller }: ApiRequest) {
  if (caller.kind === 'nobody') throw unauthorized();
  const user = state.world.users.get(caller.userId) ?? state.world.bot;
  return json(ownUserView(user, caller.kind === 'user' && caller.scopes.includes('email')));
}

export function getUser({ state }: Sandbox, request: ApiRequest) {
  const user = state.world.users.get(pathId(request, 'user'));
  if (!user) throw unknownUser();
  return json(userView(user));
}
