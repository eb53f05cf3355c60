import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { deferred } from './deferred';

/** A way to Redis on which one reply can be kept back while everything else passes. */
export interface ReplyHold extends AsyncDisposable {
  /** `redis://…` through here. */
  readonly url: string;
  /** From now on a reply that contains this text stays, and what follows it on its connection. */
  holdReplyWith(text: string): void;
  /** Resolves when such a reply came. */
  readonly held: Promise<void>;
  /** Lets it go. */
  release(): void;
}

/**
 * A reply can be late on one connection and the news of an invalidation early on another; that happens with
 * every pool. This makes it happen always.
 */
export async function holdReplies(redisUrl: string): Promise<ReplyHold> {
  const target = new URL(redisUrl);
  // Before it is changed below.
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  const kept = new Map<Socket, Buffer[]>();
  const held = deferred();
  let text: string | undefined;

  const forward = (client: Socket, bytes: Buffer): void => {
    const queue = kept.get(client);
    if (queue) queue.push(bytes);
    else if (text !== undefined && bytes.includes(text)) {
      kept.set(client, [bytes]);
      held.resolve();
    } else client.write(bytes);
  };
  const release = (): void => {
    text = undefined;
    for (const [client, queue] of kept) for (const bytes of queue) client.write(bytes);
    kept.clear();
  };
  const server = createServer((client) => {
    const upstream = tcpConnect(Number(port), hostname);
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => forward(client, bytes));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  target.port = String(typeof address === 'object' ? address?.port : address);
  return {
    url: target.href,
    holdReplyWith: (part) => {
      text = part;
    },
    held: held.promise,
    release,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
