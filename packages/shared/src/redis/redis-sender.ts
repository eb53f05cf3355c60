import type { RedisLike, RedisSender, RedisWord } from './redis-client-types';
import { useClient } from './use-client';

/** Number of the RESP type whose values are bytes or text. */
const blobString = 36;

interface NodeRedis {
  readonly isOpen?: boolean;
  readonly isReady?: boolean;
  readonly slots?: unknown;
  readonly masters?: readonly { readonly client?: unknown }[];
  sendCommand(...args: unknown[]): Promise<unknown>;
  nodeClient?(node: unknown): NodeRedis | Promise<NodeRedis>;
  getMasterNode?(): unknown;
  on?(event: 'error', listener: (error: unknown) => void): unknown;
  connect?(): Promise<unknown>;
  close?(): Promise<unknown>;
  destroy?(): unknown;
}

interface IoRedis {
  readonly status?: string;
  readonly options?: { readonly enableAutoPipelining?: boolean };
  call(command: string, ...args: readonly unknown[]): Promise<unknown>;
  callBuffer(command: string, ...args: readonly unknown[]): Promise<unknown>;
  nodes?(role: 'master'): readonly IoRedis[];
  on?(event: 'error', listener: (error: unknown) => void): unknown;
  connect?(): Promise<unknown>;
  disconnect?(reconnect?: boolean): void;
}

/** Finds out what a client is, and sends commands by it. Whoever sends has deadlines of his own. */
export function redisSender(client: RedisLike): RedisSender {
  if ('send' in client) return client;
  if ('callBuffer' in client) return ioRedisSender(client as unknown as IoRedis);
  return nodeRedisSender(client as unknown as NodeRedis);
}

/** Whether something is a client at all. */
export function isRedisLike(value: unknown): value is RedisLike {
  if (typeof value !== 'object' || value === null) return false;
  const client = value as Partial<Record<'send' | 'sendCommand' | 'callBuffer', unknown>>;
  return [client.send, client.sendCommand, client.callBuffer].some((method) => typeof method === 'function');
}

/** @throws TypeError for settings with which nobody here can work */
export function checkClient(owner: string, client: RedisLike): void {
  const { enableAutoPipelining } = (client as Partial<IoRedis>).options ?? {};
  if ('callBuffer' in client && enableAutoPipelining) {
    throw new TypeError(
      `${owner}: client must not have enableAutoPipelining, by which no scripts can be sent`,
    );
  }
}

/** node-redis 5 takes no note of `withTypeMapping` for commands that are sent as they are. */
const inQueue = { true: { typeMapping: { [blobString]: Buffer } }, false: { typeMapping: {} } };
/** node-redis gives up what waits for its connection; a signal for what does not costs as much as the command. */
const atOnce = {
  true: { ...inQueue.true, timeout: undefined },
  false: { ...inQueue.false, timeout: undefined },
};

function nodeRedisSender(client: NodeRedis): RedisSender {
  const use = useClient(client);
  const isCluster = 'slots' in client && 'masters' in client;
  const isSentinel = 'getMasterNode' in client;
  // One that is closed while commands are under way, and opened again, gets the closed clients back and uses them.
  const isPool = 'totalClients' in client;
  return {
    send(words, { key, bytes }) {
      // Clusters and pools do not say whether the one client that they take is ready.
      const how = (client.isReady ? atOnce : inQueue)[`${bytes}`];
      if (isCluster) return client.sendCommand(key, false, words, how);
      return isSentinel ? client.sendCommand(false, words, how) : client.sendCommand(words, how);
    },
    isReady: () => client.isReady !== false,
    connectionError: () => (client.isReady === false ? use.lastError : undefined),
    async masters() {
      if (!isCluster) return [this];
      const nodes = (client.masters ?? []).map(
        (node) => client.nodeClient?.(node) as NodeRedis | Promise<NodeRedis>,
      );
      return (await Promise.all(nodes)).map(plainSender);
    },
    async connect() {
      if (client.isOpen !== false) return;
      use.open();
      await client.connect?.();
    },
    async reconnect() {
      // Whoever has opened it himself may have others' commands under way.
      if (!use.isOurs || !client.isOpen || isPool) return;
      await client.destroy?.();
      // Closed meanwhile, it would stay open for ever.
      if (use.isOurs) await client.connect?.();
    },
    async close() {
      if (use.leave() && client.isOpen) await client.destroy?.();
    },
  };
}

function plainSender(client: NodeRedis): RedisSender {
  return { send: (words) => client.sendCommand(words) };
}

function ioRedisSender(client: IoRedis): RedisSender {
  const use = useClient(client);
  return {
    send: (words, { bytes }) => callIoRedis(client, words, bytes),
    isReady: () => client.status === 'ready',
    connectionError: () => (client.status === 'ready' ? undefined : use.lastError),
    masters: () => (client.nodes?.('master') ?? [client]).map(ioRedisNode),
    async connect() {
      if (client.status !== 'wait') return;
      use.open();
      await client.connect?.();
    },
    async reconnect() {
      if (use.isOurs) client.disconnect?.(true);
    },
    async close() {
      if (use.leave()) client.disconnect?.();
    },
  };
}

/** One master, whose errors its cluster hears. */
function ioRedisNode(client: IoRedis): RedisSender {
  return { send: (words, { bytes }) => callIoRedis(client, words, bytes) };
}

function callIoRedis(client: IoRedis, words: readonly RedisWord[], bytes: boolean) {
  const command = words as [string, ...RedisWord[]];
  return bytes ? client.callBuffer(...command) : client.call(...command);
}
