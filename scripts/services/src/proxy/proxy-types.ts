import type { CloseOptions } from '../types';

/** Where a server listens. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** Options of `startFaultProxy`. */
export interface FaultProxyOptions {
  /** The server: its URL (`postgres://`, `redis://`, `http://`, …) or its address. */
  readonly target: string | ProxyTarget;
  /** Label in errors and warnings. @default `host:port` of the target */
  readonly name?: string | undefined;
}

/**
 * What a proxy does to the connections through it.
 *
 * - `pass`: nothing.
 * - `delay`: every byte arrives `delayMs` milliseconds later, in both directions and in order. At most 1 MiB
 *   a connection and direction is on its way; whoever sends more waits.
 * - `blackhole`: bytes vanish both ways, and so do the ends of connections, as on a network that was cut. New
 *   connections are accepted and hear nothing.
 * - `dropReply`: requests reach the server, its replies vanish. With `whenRequest`, a connection's replies
 *   vanish from the first chunk of a request on for which it returns `true`. A chunk is what one read
 *   brought: a short message comes whole, a long one in parts.
 * - `reset`: every connection is ended by a TCP reset, new ones on arrival.
 * - `refuse`: new connections are refused (`ECONNREFUSED`), existing ones go on as in `pass`.
 */
export type Fault =
  | { readonly mode: 'pass' | 'blackhole' | 'reset' | 'refuse' }
  | { readonly mode: 'delay'; readonly delayMs: number }
  | { readonly mode: 'dropReply'; readonly whenRequest?: ((bytes: Buffer) => boolean) | undefined };

/** Name of a {@link Fault}. */
export type FaultMode = Fault['mode'];

/** One connection through a proxy. */
export interface ProxiedConnectionStatus {
  /** Bytes that reached the server. */
  readonly requestBytes: number;
  /** Bytes that reached the client. */
  readonly replyBytes: number;
  /** Bytes that vanished on the way to the server. */
  readonly droppedRequestBytes: number;
  /** Bytes that vanished on the way to the client. */
  readonly droppedReplyBytes: number;
}

/** What a proxy has seen. */
export interface FaultProxyStatus {
  readonly mode: FaultMode;
  /** Connections since the start. */
  readonly accepted: number;
  /** Those that are open, the oldest first. */
  readonly connections: readonly ProxiedConnectionStatus[];
}

/** A TCP proxy that can fail on purpose. */
export interface FaultProxy extends AsyncDisposable {
  /** Where clients connect to: always `127.0.0.1`. */
  readonly host: string;
  /** The same through every mode. */
  readonly port: number;
  readonly mode: FaultMode;
  /** Number of open connections. */
  readonly connections: number;
  /**
   * A URL that leads through the proxy: the given one with the host and the port replaced.
   *
   * @param original @default the target, where that is a URL
   * @throws ServicesError `INVALID_OPTION`
   */
  url(original?: string): string;
  /**
   * Changes what happens to every connection, existing and new; resolves when it does. The name alone will
   * do where a fault needs no options.
   *
   * A connection that lost something in `blackhole` or `dropReply` is reset when its bytes would flow again,
   * because the rest would be a corrupt stream.
   *
   * @throws ServicesError `INVALID_OPTION`; `PROXY_FAILED` when the port was taken during `refuse`, or the
   * proxy is closed
   * @example
   * await proxy.set('blackhole');
   * await proxy.set({ mode: 'delay', delayMs: 200 });
   * await proxy.set({ mode: 'dropReply', whenRequest: (bytes) => bytes.includes('COMMIT') });
   */
  set(fault: Fault | Exclude<FaultMode, 'delay'>): Promise<void>;
  /** Resets the connections there are now, as a crashed server would. The mode stays. */
  resetAll(): void;
  status(): FaultProxyStatus;
  /** Ends every connection and stops listening. Idempotent; never rejects. `timeoutMs` has no effect: nothing is waited for. */
  close(options?: CloseOptions): Promise<void>;
}
