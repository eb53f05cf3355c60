import type { Apm } from '../types';

/** Looks at a receiver whether something with this nonce has arrived. Rejects where the receiver cannot be asked. */
export type ArrivedAt = (nonce: string, signal: AbortSignal) => Promise<boolean>;

/** Options of `verifyApm`. */
export interface VerifyApmOptions {
  /** A set-up with the sinks of the application. */
  readonly apm: Pick<Apm, 'service' | 'captureError' | 'flush' | 'integrity'>;
  /**
   * Sink → where what it sent can be found, so that more is known than that it was sent:
   * `{ sentry: async (nonce, signal) => … }`. A name that no sink has is a failed finding.
   */
  readonly readBack?: Readonly<Record<string, ArrivedAt>> | undefined;
  /** A running application's metrics, such as `http://localhost:3000/metrics`: what a Prometheus would read. */
  readonly metrics?:
    | { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined }
    | undefined;
}
