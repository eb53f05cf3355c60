/**
 * How limits are told to clients:
 *
 * - `draft-11`: `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11 (23 May 2026)
 * - `none`: not at all
 */
export type RateLimitHeaders = 'draft-11' | 'none';

/** What the headers of a response say, and how. */
export interface RateLimitFieldOptions {
  /** @default 'draft-11' */
  readonly headers?: RateLimitHeaders | undefined;
  /** Units that the request used: limits of others are left out. @default every limit of the decision */
  readonly units?: Iterable<string> | undefined;
  /** For whom the limits are counted, as the client may see it; sent as `pk`. @default not sent */
  readonly partitionKey?: string | undefined;
}
