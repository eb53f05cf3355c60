import { OpsError } from '../../errors';
import { askHaproxy } from './haproxy-socket';
import type { ProxyServer } from './proxy-server';
import { readStat } from './read-stat';

/** Where HAProxy listens for commands, and which of its backends is meant. */
export interface HaproxyAddress {
  /** Path of the socket, or `host:port`. It has to be of level admin. */
  readonly socket: string;
  readonly backend: string;
}

/** What is done to a server: `ready` and `drain` go on with its health checks, `maint` ends them. */
export interface ServerChange {
  readonly server: string;
  readonly state: 'ready' | 'drain' | 'maint';
  /** Beside the other server's, 0 to 256. @default as it is */
  readonly weight?: number | undefined;
}

/** One backend of a running HAProxy. */
export interface HaproxyControl {
  /** @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` unless all of it can be used */
  check(): Promise<void>;
  /** @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` */
  servers(): Promise<readonly ProxyServer[]>;
  /**
   * Makes all changes by one command, in this order.
   *
   * @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` when one of them was refused, with HAProxy's words
   */
  change(...changes: readonly ServerChange[]): Promise<void>;
}

/**
 * Speaks with a running HAProxy over its runtime socket.
 *
 * @example
 * const proxy = haproxyControl({ socket: '/run/haproxy/admin.sock', backend: 'app' });
 * await proxy.change({ server: 'green', state: 'ready', weight: 10 });
 */
export function haproxyControl({ socket, backend }: HaproxyAddress): HaproxyControl {
  return {
    async check() {
      const level = (await askHaproxy(socket, 'show cli level')).trim();
      if (level === 'admin') return;
      throw unusable(`HAProxy's socket ${socket} is not of level admin but answers "${level.slice(0, 100)}"`);
    },
    async servers() {
      const answer = await askHaproxy(socket, `show stat ${backend} 4 -1`);
      if (/^No such proxy/.test(answer)) throw unusable(`HAProxy has no backend "${backend}"`);
      return readStat(answer);
    },
    async change(...changes) {
      const lines = changes.flatMap(({ server, state, weight }) => [
        // First: a server must not be ready with the weight that it had before.
        ...(weight === undefined ? [] : [`set server ${backend}/${server} weight ${weight}`]),
        `set server ${backend}/${server} state ${state}`,
      ]);
      const said = (await askHaproxy(socket, lines.join('; '))).trim();
      // It says nothing where it has done all.
      if (said !== '') throw unusable(`HAProxy refused "${lines.join('; ')}": ${said.slice(0, 200)}`);
    },
  };
}

function unusable(message: string): OpsError {
  return new OpsError('UNITE_OPS_PROXY_UNUSABLE', message);
}
