import type { World } from '../world.ts';
import type { AuthorizeRequest } from './authorize-request.ts';

/** The consent page. Its form is posted to the page's own address, query included. */
export function authorizePage(world: World, asked: AuthorizeRequest): string {
  const people = [...world.users.values()].filter((user) => !user.bot);
  const users = people.map((user, index) =>
    radio('user_id', user.id, `${user.global_name ?? user.username} (${user.username})`, index === 0),
  );
  return page(
    `Authorize ${world.application.name}`,
    `<p><b>${escapeHtml(world.application.name)}</b> asks for:
    ${asked.scopes.map((scope) => `<code>${escapeHtml(scope)}</code>`).join(' ')}</p>
    <form method="post">
      <fieldset><legend>You are</legend>${users.join('')}</fieldset>
      ${asked.scopes.includes('bot') ? guildFields(world, asked.guildId) : ''}
      <button name="decision" value="approve">Authorize</button>
      <button name="decision" value="deny">Cancel</button>
    </form>`,
  );
}

export function problemPage(problem: string): string {
  return page('Authorization is not possible', `<p>${escapeHtml(problem)}</p>`);
}

function guildFields(world: World, guildId: string | undefined): string {
  const guilds = [...world.guilds.values()].filter(({ id }) => guildId === undefined || id === guildId);
  const options = guilds.map((guild, index) => radio('guild_id', guild.id, guild.name, index === 0));
  return `<fieldset><legend>Add the bot to</legend>${options.join('')}</fieldset>`;
}

function radio(name: string, value: string, label: string, isChecked: boolean): string {
  const checked = isChecked ? ' checked' : '';
  return `<label><input type="radio" name="${name}" value="${escapeHtml(value)}"${checked}> ${escapeHtml(label)}</label>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Sandbox</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem }
  fieldset { border: 1px solid #8884; border-radius: 8px; margin: 1rem 0 }
  label { display: block }
  button { font: inherit; padding: .4rem 1rem; margin-right: .5rem }
</style>
<h1>${escapeHtml(title)}</h1>
${body}
<p><small>This is the sandbox on your own machine, not Discord. No password is asked for.</small></p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
