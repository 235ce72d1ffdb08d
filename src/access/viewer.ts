/** Someone who is logged in, by a session in a browser or by an API token. */
export type Viewer = {
  /** Discord's id. */
  userId: string;
  /** Runs this instance: sees and manages all of its guilds (`OPERATOR_IDS`). */
  isOperator: boolean;
  /** What the token may do; a session may do all that its viewer may. */
  scope: 'read' | 'manage';
  /** Id of the session; null: it is a token. */
  session: string | null;
};
