/** What the index of a big guild gets wrong; nothing of it is wrong unless the control API says so. */
export type SearchFlaws = {
  /** Messages older than this id are not in the index. */
  hiddenBefore: string;
  /** One message in so many is not in the index; 0: all are. */
  hiddenEvery: number;
  /** Added to `total_results`. */
  totalError: number;
  /** A page has no more hits than this, whatever was asked for. */
  mostHits: number;
  /** A page below `max_id` begins with so many messages that the page above it had. */
  repeats: number;
};

export const noFlaws: Readonly<SearchFlaws> = {
  hiddenBefore: '0',
  hiddenEvery: 0,
  totalError: 0,
  mostHits: 25,
  repeats: 0,
};
