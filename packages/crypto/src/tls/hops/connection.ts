import { connect as connectTcp, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Works with a connection of its own, which is gone afterwards, and at the latest when the time is up. */
export async function withSocket<Result>(
  { host, port }: Address,
  signal: AbortSignal,
  work: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const socket = connectTcp({ host, port });
  addAbortSignal(signal, socket);
  // One that comes when nobody waits any more must not end the process.
  socket.on('error', () => {});
  try {
    await happens(socket, 'connect');
    return await work(socket);
  } finally {
    socket.destroy();
  }
}

/** The next event of a socket, or the error that comes in its place. */
export function happens(socket: Socket, event: 'connect' | 'secureConnect' | 'data'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new ClosedError()));
  });
}

/** The other side ended it. */
class ClosedError extends Error {
  constructor() {
    super('the server ends the connection');
  }
}
