import type { APIUser } from 'discord-api-types/v10';
import type { World } from '../../world.ts';
import type { AuthorizeRequest } from '../authorize-request.ts';
import { loginCast } from '../personas.ts';
import { decideButtons } from './decide-buttons.ts';
import { frame } from './frame.ts';
import { type Markup, markup } from './markup.ts';
import { peopleList } from './people-list.ts';
import { scopeList } from './scope-list.ts';

/** Choose and agree on one page. The form goes to the page's own address, query included. */
export function loginPage(world: World, asked: AuthorizeRequest, person: APIUser | undefined): Markup {
  const { name } = world.application;
  return frame(
    `Log in to ${name}`,
    markup`${scopeList(name, asked.scopes)}
<form method="post">
${peopleList(name, loginCast(world), 'user_id', person)}
${decideButtons()}
</form>`,
  );
}
