import { type Markup, markup } from './markup.ts';

/** Always in sight. `canApprove` is false where there is nothing that could be agreed to. */
export function decideButtons(canApprove = true): Markup {
  const approve = markup`<button class="yes" name="decision" value="approve">Authorize</button>`;
  return markup`<div class="decide"><div>
${canApprove && approve}
<button name="decision" value="deny" formnovalidate>Cancel</button>
</div></div>`;
}
