// Plain JavaScript: `scripts/start.mjs` needs it before anything is built.
import { connect, createServer } from 'node:net';

/**
 * A port on 127.0.0.1 that is free at this moment: the first candidate that is, else any.
 *
 * @param {Iterable<number>} [candidates]
 * @returns {Promise<number>}
 */
export async function freePort(candidates = []) {
  for (const port of candidates) if (await isFree(port)) return port;
  return /** @type {Promise<number>} */ (bind(0));
}

/** @param {number} port */
async function isFree(port) {
  // macOS lets two sockets share a port when one is bound to the wildcard address: ask by connecting too.
  return !(await answers(port)) && (await bind(port)) !== undefined;
}

/**
 * @param {number} port
 * @returns {Promise<number | undefined>}
 */
function bind(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (port === 0 ? reject(error) : resolve(undefined)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const bound = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    // A listener with a full backlog neither accepts nor refuses, and occupies the port all the same.
    socket.setTimeout(500, () => finish(true));
  });
}
