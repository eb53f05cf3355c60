import type { Socket } from 'node:net';

/**
 * Ends a socket at once: by a TCP reset, where the system allows one. It does not before the connection is
 * there, nor while an end is on its way out; Node would then wait, or lose the handle.
 */
export function cut(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.pending || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
