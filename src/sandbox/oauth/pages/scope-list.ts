import { type Markup, markup } from './markup.ts';

const meanings: Record<string, string> = {
  identify: 'Know your name and picture',
  email: 'Know your e-mail address',
  guilds: 'Know which servers you are in',
  'guilds.members.read': 'Know your nickname and roles in each server',
  bot: 'Be in a server of yours, as a bot',
  'applications.commands': 'Offer commands there',
};

/** What the application asks for, in words. */
export function scopeList(app: string, scopes: readonly string[]): Markup {
  const items = [...new Set(scopes)].map((scope) => markup`<li>${meanings[scope] ?? scope}</li>`);
  return markup`<p>If you agree, ${app} can:</p>
<ul class="asks">${items}</ul>`;
}
