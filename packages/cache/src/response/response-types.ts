import type { ContextSource, UniteContext } from '@unite/core';
import type { Cache } from '../types';

/**
 * Who a stored response may be given to: the users of one tenant, one user alone, or everybody. Required, so that
 * nobody shares by accident.
 */
export type ResponseScope = 'tenant' | 'user' | 'global';

/** Parameters of a route, as Express and Next.js pass them. */
export type RouteParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What tags may be made from. */
export interface RequestFacts {
  readonly method: string;
  /** Without the query, as the client sent it. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parameters of the route, as far as they are known where the cache stands. */
  readonly params: RouteParameters;
  readonly context: UniteContext | undefined;
}

/** How responses are cached. */
export interface ResponseCacheOptions {
  /** Where responses are kept. */
  readonly cache: Pick<Cache, 'define'>;
  /** First part of every key. Names of what is cached otherwise are taken. @default 'responses' */
  readonly name?: string | undefined;
  readonly scope: ResponseScope;
  /**
   * Longest time for which a response is kept, in milliseconds: at most 86_400_000 (a day). The handler may ask for less by `s-maxage`,
   * `max-age` or `Expires`.
   */
  readonly ttlMs: number;
  /** Names by which the response can be invalidated. @default none */
  readonly tags?: ((request: RequestFacts) => readonly string[]) | undefined;
  /**
   * Request headers that every response depends on, besides those that its `Vary` names. A header that is named here
   * need not be learned from the first response. @default none
   */
  readonly vary?: readonly string[] | undefined;
  /** What is larger is passed through and not kept. @default 1_048_576 (1 MiB) */
  readonly maxBodyBytes?: number | undefined;
  /** @default 200, 203, 204, 300, 301, 404 and 410 */
  readonly cacheableStatuses?: readonly number[] | undefined;
  /** Where tenant and user are read from. @default the shared slot of `@unite/core` */
  readonly context?: ContextSource | undefined;
}

/** A request, however the framework passes it. */
export interface IncomingRequest {
  readonly method: string;
  /** What selects the resource besides `url`: scheme, host, the URL that was written over. */
  readonly authority: readonly (string | undefined)[];
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly params: RouteParameters;
  /** Value of a header by its name in lower case. */
  header(name: string): string | undefined;
}

/** Value of a response header; `Set-Cookie` and its like come as a list. */
export type HeaderValue = string | readonly string[];

/** What is known of a response before its body. */
export interface ResponseHead {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: readonly (readonly [name: string, value: HeaderValue])[];
  /** Names of headers that were there before the handler, and are made for each request: they count, and stay out. */
  readonly foreign?: ReadonlySet<string> | undefined;
}

/** A response as it is kept. Frozen by agreement: memory hands out the same object every time. */
export interface StoredResponse extends Omit<ResponseHead, 'foreign'> {
  readonly body: Uint8Array;
  /** For how long it is fresh, in milliseconds from the miss that it answers. */
  readonly lifetimeMs: number;
  /** How old it was then, by its own `Age`, in milliseconds. */
  readonly initialAgeMs: number;
  /** Whether it may answer requests with `Authorization` in a scope of everybody (RFC 9111 §3.5). */
  readonly isPublic: boolean;
}
