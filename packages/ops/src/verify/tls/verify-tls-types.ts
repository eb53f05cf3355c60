import type { SecureVersion } from 'node:tls';

/** Options of `verifyTls`. */
export interface VerifyTlsOptions {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate has to be for. @default `host` */
  readonly servername?: string | undefined;
  /**
   * What is spoken before the handshake.
   * - `tls`: nothing: HTTPS, `rediss://`.
   * - `postgres`: the request by which PostgreSQL turns to TLS.
   *
   * @default 'tls'
   */
  readonly protocol?: 'tls' | 'postgres' | undefined;
  /** Authorities that are trusted, in PEM. @default those of Node */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** An older protocol is a failure. @default 'TLSv1.2' */
  readonly minVersion?: SecureVersion | undefined;
  /** An older protocol is warned of. @default 'TLSv1.3' */
  readonly warnBelow?: SecureVersion | undefined;
  /** What it is that TLS 1.0 or 1.1 is still accepted from those who ask for no better one. @default 'warned' */
  readonly oldProtocols?: 'warned' | 'failed' | undefined;
  /** A certificate that ends sooner is warned of, in days. @default 14 */
  readonly expiresWithinDays?: number | undefined;
  /** An application protocol that has to be agreed on: `h2`. @default none */
  readonly alpn?: string | undefined;
  /** Longest time for a handshake, in milliseconds. @default 3_000 */
  readonly timeoutMs?: number | undefined;
  /** Name of the verifier. @default 'tls' */
  readonly name?: string | undefined;
}
