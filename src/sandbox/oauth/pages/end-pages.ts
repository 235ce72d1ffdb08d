import type { Problem } from '../authorize-request.ts';
import { frame } from './frame.ts';
import { type Markup, markup } from './markup.ts';

export function problemPage({ error, description }: Problem): Markup {
  return frame(
    'That did not work',
    markup`<p>${description}</p>
<p><code>${error}</code></p>
<p>Go back to where you came from, and try again from there.</p>`,
  );
}

/** Where a plain invite link ends. */
export function addedPage(app: string, guildName: string): Markup {
  return frame(
    `${app} has been added`,
    markup`<p>It is in <b><bdi>${guildName}</bdi></b> now. You can close this page.</p>`,
  );
}

export function stoppedPage(): Markup {
  return frame('Nothing was changed', markup`<p>You can close this page.</p>`);
}
