import type { Clock } from '@unite/core';

/** One PostgreSQL server, as Patroni describes it. */
export interface PatroniMember {
  readonly name: string;
  /** `leader`, `replica`, `sync_standby`, `quorum_standby`, `standby_leader`, `promoted`, or what a later Patroni adds. */
  readonly role: string;
  /** `running`, `streaming`, `stopped`, `creating replica` and others. */
  readonly state: string;
  readonly host: string;
  readonly port: number;
  /** `host:port` as a URL takes it, with brackets around an IPv6 address. */
  readonly address: string;
  readonly timeline: number | undefined;
  /** Bytes of log behind the leader; `undefined` for the leader, and where Patroni does not know it. */
  readonly lagBytes: number | undefined;
  readonly tags: Readonly<Record<string, unknown>>;
}

/** The part of `fetch` that is used. */
export type PatroniFetch = (
  url: string,
  init: {
    readonly signal: AbortSignal;
    readonly headers: Record<string, string>;
    readonly redirect: 'error';
  },
) => Promise<Response>;

/** Options of `patroniNodes`. */
export interface PatroniOptions {
  /** REST APIs of the members, such as `http://10.0.0.1:8008`, in any order. */
  readonly endpoints: readonly string[];
  /** The URL that the pool of a member connects to. */
  readonly url: (member: PatroniMember) => string;
  /** Longest time for one endpoint's answer, in milliseconds. @default 1_000 */
  readonly timeoutMs?: number | undefined;
  /** Sent along, such as `authorization`. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For certificates of your own. @default the global `fetch` */
  readonly fetch?: PatroniFetch | undefined;
  readonly clock?: Clock | undefined;
}
