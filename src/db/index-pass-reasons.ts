/** Why an index pass ended, and what to do next. Whatever it is, nothing is lost: the walks read every message. */
const nextSteps = {
  start_reached: 'everything that Discord’s search index tells was gone through',
  index_unavailable:
    'Discord’s search index of this guild could not be asked; nothing is lost, the walk through the history finds all',
  no_content_intent:
    'Discord withholds the content of messages from this bot; switch on Message Content Intent under Bot in the developer portal and ask again',
  missing_access:
    'the bot may not search this guild; give it the permission Read Message History and ask again',
  guild_gone: 'Discord does not know this guild any more; it was deleted, or the bot left it',
  nothing_to_read: 'no channel of the guild is read; switch one on and ask again',
  page_limit: 'the index told of more than one pass takes; the walk through the history finds the rest',
  canceled: 'somebody canceled it; what it found is kept',
  internal: 'this is a fault of Clipdex; see its log, and ask again',
} as const satisfies Record<string, string>;

export type IndexPassReason = keyof typeof nextSteps;

/** As `error_message` holds it: the code for scripts, then what it means, for people. */
export function indexPassMessage(reason: IndexPassReason): string {
  return `${reason}: ${nextSteps[reason]}`;
}
