/** Options of `sentry`. */
export interface SentryOptions {
  /** Of the project: `https://<public key>@<host>/<project id>`. */
  readonly dsn: string;
  /**
   * Where envelopes go in place of the DSN's host: a relay or a tunnel of your own, or Spotlight's
   * `http://localhost:8969/stream`. The DSN then stands in the envelope. @default the envelope endpoint of the DSN
   */
  readonly url?: string | undefined;
  /** Share of the errors that are sent, from 0 to 1. What is left out counts as not accepted. @default 1 */
  readonly sampleRate?: number | undefined;
  /** Most events in memory; of those that find it full only fatal ones displace another. @default 1_000 */
  readonly maxQueued?: number | undefined;
  /** Most bytes of events in memory. @default 5_242_880 */
  readonly maxQueuedBytes?: number | undefined;
  /** Longest time of one request, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** @default requests of `node:http` that keep no process alive */
  readonly fetch?: typeof fetch | undefined;
}
