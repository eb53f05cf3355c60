import type { IoRedisLike, NodeRedisLike, RedisLike, RedisSender, RedisWord } from './redis-types';

/** Number of the RESP type whose values are bytes or text. */
const blobString = 36;

interface NodeRedis {
  readonly isOpen?: boolean;
  readonly slots?: unknown;
  readonly masters?: readonly { readonly client?: unknown }[];
  sendCommand(...args: unknown[]): Promise<unknown>;
  withTypeMapping(mapping: Record<number, unknown>): NodeRedis;
  nodeClient?(node: unknown): NodeRedis | Promise<NodeRedis>;
  getMasterNode?(): unknown;
  on?(event: 'error', listener: () => void): unknown;
  connect?(): Promise<unknown>;
  close?(): Promise<unknown>;
  destroy?(): void;
}

interface IoRedis {
  readonly status?: string;
  call(command: string, ...args: readonly unknown[]): Promise<unknown>;
  callBuffer(command: string, ...args: readonly unknown[]): Promise<unknown>;
  nodes?(role: 'master'): readonly IoRedis[];
  on?(event: 'error', listener: () => void): unknown;
  connect?(): Promise<unknown>;
  disconnect?(): void;
}

/** Finds out what a client is, and sends commands by it. */
export function redisSender(client: RedisLike): RedisSender {
  if ('send' in client) return client;
  if ('callBuffer' in client) return ioRedisSender(client as IoRedisLike as unknown as IoRedis);
  return nodeRedisSender(client as NodeRedisLike as unknown as NodeRedis);
}

/** Whether something is a client at all. */
export function isRedisLike(value: unknown): value is RedisLike {
  if (typeof value !== 'object' || value === null) return false;
  const client = value as Partial<Record<'send' | 'sendCommand' | 'callBuffer', unknown>>;
  return [client.send, client.sendCommand, client.callBuffer].some((method) => typeof method === 'function');
}

function nodeRedisSender(client: NodeRedis): RedisSender {
  // Unheard, an error of the connection would end the process; what it means is said by the commands that fail.
  client.on?.('error', () => undefined);
  const byBytes = {
    true: client.withTypeMapping({ [blobString]: Buffer }),
    false: client.withTypeMapping({}),
  };
  const isCluster = 'slots' in client && 'masters' in client;
  const isSentinel = 'getMasterNode' in client;
  let hasOpened = false;
  return {
    send(words, { key, bytes }) {
      const sender = byBytes[`${bytes}`];
      if (isCluster) return sender.sendCommand(key, false, words);
      return isSentinel ? sender.sendCommand(false, words) : sender.sendCommand(words);
    },
    async masters() {
      if (!isCluster) return [this];
      const nodes = (client.masters ?? []).map(
        (node) => client.nodeClient?.(node) as NodeRedis | Promise<NodeRedis>,
      );
      return (await Promise.all(nodes)).map(plainSender);
    },
    async connect() {
      if (client.isOpen !== false) return;
      hasOpened = true;
      await client.connect?.();
    },
    async close() {
      if (hasOpened && client.isOpen) client.destroy?.();
    },
  };
}

function plainSender(client: NodeRedis): RedisSender {
  return { send: (words) => client.sendCommand(words) };
}

function ioRedisSender(client: IoRedis): RedisSender {
  client.on?.('error', () => undefined);
  let hasOpened = false;
  return {
    send([command, ...words]: readonly RedisWord[], { bytes }) {
      return bytes ? client.callBuffer(String(command), ...words) : client.call(String(command), ...words);
    },
    masters: () => (client.nodes ? client.nodes('master').map(ioRedisSender) : [ioRedisSender(client)]),
    async connect() {
      if (client.status !== 'wait') return;
      hasOpened = true;
      await client.connect?.();
    },
    async close() {
      if (hasOpened) client.disconnect?.();
    },
  };
}
