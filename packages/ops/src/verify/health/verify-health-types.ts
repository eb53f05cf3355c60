/** Options of `verifyHealth`. */
export interface VerifyHealthOptions {
  /** Where the application is reached, as whoever probes it does: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Where its health is, below `url`. @default /health/live, /health/ready, /health/startup */
  readonly paths?:
    | {
        readonly live?: string | undefined;
        readonly ready?: string | undefined;
        readonly startup?: string | undefined;
      }
    | undefined;
  /** Groups that are asked for too, each at `<ready>/<group>`: `['write']`. @default none */
  readonly groups?: readonly string[] | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An answer that takes longer is warned of, in milliseconds: Kubernetes' probes give up after 1_000. @default 500 */
  readonly slowMs?: number | undefined;
  /** Longest time for one answer, in milliseconds. @default 3_000 */
  readonly timeoutMs?: number | undefined;
  /** Name of the verifier. @default 'health' */
  readonly name?: string | undefined;
}
