import type { World } from '../../world.ts';
import type { AuthorizeRequest } from '../authorize-request.ts';
import { installCast } from '../personas.ts';
import { frame } from './frame.ts';
import { type Markup, markup } from './markup.ts';
import { peopleList } from './people-list.ts';

/** Which servers there are to choose from depends on who one is; so that is asked first. */
export function askWhoPage(world: World, asked: AuthorizeRequest, query: URLSearchParams): Markup {
  const { name: app } = world.application;
  const kept = [...query].filter(([name]) => name !== 'as');
  const hidden = kept.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`);
  const guildId = asked.isGuildFixed ? asked.guildId : undefined;
  return frame(
    `Add ${app} to a server`,
    markup`<p>Those who manage a server can add it there.</p>
<form method="get">
${hidden}
${peopleList(app, installCast(world, guildId), 'as', undefined)}
<div class="decide"><div>
<button class="yes">Continue</button>
<button form="cancel" name="decision" value="deny">Cancel</button>
</div></div>
</form>
<form id="cancel" method="post"></form>`,
  );
}
