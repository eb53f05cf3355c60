import type { Clock, ContextSource } from '@unite/core';
import type { ClusterMethods } from '../types';

/** What is needed of a cluster. */
export type SessionCluster = Pick<ClusterMethods, 'sessionToken' | 'sessionTokenNow' | 'advanceSession'>;

/** Options of `openToken`, and of `sealToken` except for the age. */
export interface TokenSealOptions {
  /** The first secret seals, every one opens, so that secrets can be rotated. At least 32 characters each. */
  readonly secrets: readonly string[];
  /**
   * An older token is ignored, in milliseconds. Keep it above the cluster's `reads.maxLagMs` by more than
   * the servers' clocks differ: by then every replica in rotation shows what the token stands for.
   *
   * @default 60_000
   */
  readonly maxAgeMs?: number | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** How the token travels in a cookie: always `HttpOnly` and `SameSite=Lax`. */
export interface TokenCookieOptions {
  /** @default 'unite_consistency' */
  readonly name?: string | undefined;
  /** @default '/' */
  readonly path?: string | undefined;
  /** Host that the cookie is sent to with all below it. @default the host that answers, alone */
  readonly domain?: string | undefined;
  /** `false` for development over plain HTTP. @default true */
  readonly secure?: boolean | undefined;
}

/** Options of `createConsistency`. */
export interface ConsistencyOptions extends TokenSealOptions {
  readonly cluster: SessionCluster;
  /** `false` for none. @default {} */
  readonly cookie?: TokenCookieOptions | false | undefined;
  /** Header for clients that keep no cookies; `false` for none. @default 'x-consistency-token' */
  readonly header?: string | false | undefined;
  /** The cluster's own. Only asked whether there is one. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
}

/** Where a request's tokens are looked for. A `Request` is one. */
export interface IncomingTokens {
  readonly headers?: { get(name: string): string | null | undefined } | undefined;
  /** A framework's own cookies, which win over the header `Cookie`. */
  readonly cookies?: { get(name: string): { readonly value: string } | undefined } | undefined;
}

/** A cookie as frameworks' cookie stores take it. `maxAge` is in seconds. */
export interface TokenCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAge: number;
  readonly path: string;
  readonly domain?: string;
  readonly secure: boolean;
  readonly httpOnly: true;
  readonly sameSite: 'lax';
}

/** A token on its way to the client. */
export interface OutgoingToken {
  /** For a cookie store. */
  readonly cookie: TokenCookie | undefined;
  /** The same as a value of `Set-Cookie`. */
  readonly setCookie: string | undefined;
  readonly header: { readonly name: string; readonly value: string } | undefined;
}

/** What a request tells its client in the end. */
export interface ConsistencyReply {
  /**
   * The token to send, with its log position; `undefined` where the request wrote nothing. Await it after
   * the request's last write and before the headers are sent.
   */
  token(): Promise<OutgoingToken | undefined>;
  /** The same at once, where the log position may be left to whoever reads next. */
  tokenNow(): OutgoingToken | undefined;
}

/** Carries sessions from one request to the next, through the client. */
export interface Consistency {
  /** Makes the session of this request see what its client has seen. Call it inside of the request's context. */
  receive(request: IncomingTokens): ConsistencyReply;
}
