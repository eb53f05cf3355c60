/** What the API answers to `POST /api/contacts/[id]/score`. */
export interface ContactScore {
  /** From 0 to 100. */
  readonly score: number;
  /** Why, in the model's words. */
  readonly reason: string;
  readonly model: string;
  /** Where the score came from. From a cache it has cost nothing, nor where another request asked at the same time. */
  readonly from: 'model' | 'shared' | 'memory' | 'redis';
  /** How long ago the model was asked, in milliseconds. */
  readonly ageMs: number;
  /** What this request was charged. */
  readonly charged: {
    readonly tokens: number;
    /** US dollars as a decimal; `null` where the model has no price. */
    readonly costUsd: string | null;
  };
}
