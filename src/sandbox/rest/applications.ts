import { json } from '../http/answer.ts';
import type { Sandbox } from '../sandbox.ts';
import { ownApplicationView } from '../views/application.ts';

export function getOwnApplication({ state, credentials }: Sandbox) {
  return json(ownApplicationView(state, credentials.redirectUris));
}
