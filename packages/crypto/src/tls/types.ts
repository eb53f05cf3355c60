import type { CloseOptions } from '@unite/core';

/** Certificates or keys in PEM: text or bytes, or several. */
export type Pem = string | Uint8Array;

/** How a client proves who the server is, and itself where it has to. */
export interface ClientTlsOptions {
  /** Authorities that are trusted in place of the public ones. @default those of Node.js */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's own certificate, where the server asks for one. Together with `key`. */
  readonly cert?: Pem | undefined;
  readonly key?: Pem | undefined;
}

/** What `node:tls` is told: TLS 1.3 or nothing, with a server that has proven itself or none. */
export interface ClientTls {
  readonly minVersion: 'TLSv1.3';
  readonly rejectUnauthorized: true;
  readonly ca?: string | Buffer | (string | Buffer)[];
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** Options of `httpsServerOptions`. */
export interface ServerTlsOptions {
  /** The certificate, followed by those between it and its authority. */
  readonly cert: Pem;
  readonly key: Pem;
  /** Demands a certificate of each client, by one of these authorities. @default none: clients need none */
  readonly clientCa?: Pem | readonly Pem[] | undefined;
}

/** What `https.createServer` is told. */
export interface ServerTls {
  readonly minVersion: 'TLSv1.3';
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly ca?: string | Buffer | (string | Buffer)[];
  readonly requestCert?: true;
  readonly rejectUnauthorized?: true;
}

/** Where certificates are kept. */
export interface TlsPaths {
  readonly certPath: string;
  /** Closed to others, or it is refused. */
  readonly keyPath: string;
  readonly caPath?: string | undefined;
}

/** What `readTlsFiles` reads. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** What `reloadCertificates` needs of a server: one of `node:https`, `node:tls` or `node:http2`. */
export interface SecureServerLike {
  setSecureContext(options: ServerTls): void;
}

/** Options of `reloadCertificates`. */
export interface ReloadOptions {
  /** How often the files are looked at, in milliseconds. @default 10_000 */
  readonly everyMs?: number | undefined;
  /** As the server was given. */
  readonly clientCa?: ServerTlsOptions['clientCa'];
  /** Hears of a new certificate. */
  readonly onReload?: ((reloaded: { readonly expiresAtMs: number }) => void) | undefined;
  /** Hears of files that cannot be used. The server keeps what it has. @default a warning of the process, once */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A watch over certificates. */
export interface CertificateReloads extends AsyncDisposable {
  /** Looks at once. @returns whether there was a new certificate */
  reload(): boolean;
  /** When the certificate in use ends, milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** How often there was a new one. */
  readonly reloads: number;
  /** Why the files as they are now are not in use. */
  readonly lastError: unknown;
  /** Looks no more. The server goes on. */
  close(options?: CloseOptions): Promise<void>;
}
