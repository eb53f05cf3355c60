import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** What may be done to a server, and whether it is held that way. */
const actions = {
  kill: { does: (/** @type {DrillServer} */ server) => server.kill('SIGKILL'), holds: true },
  freeze: { does: (/** @type {DrillServer} */ server) => server.kill('SIGSTOP'), holds: true },
  thaw: { does: mend, holds: false },
  start: { does: mend, holds: false },
};

/**
 * Lets the app break the servers that it runs on, and mend them: `POST /replica_2/kill`, or `freeze`, `thaw`, `start`,
 * with the token as a bearer's. What is broken is mended after a while in any case, so that an app that ends in between
 * leaves nothing broken. Listens on this machine alone.
 *
 * @param {{
 *   servers: readonly DrillServer[], say: (text: string) => void, holdMs?: number,
 * }} options `holdMs` is how long a server stays broken at most
 * @returns {Promise<{ env: Readonly<Record<DrillVariable, string>>, close: () => Promise<void> }>} `env` is for the app
 */
export async function startDrillControl({ servers, say, holdMs = 60_000 }) {
  const token = randomBytes(32).toString('hex');
  /** @type {Map<string, { untilMs: number, timer: NodeJS.Timeout }>} */
  const held = new Map();
  /** One thing after the other: a server is not started while it is being killed. */
  let last = Promise.resolve();

  const listener = createServer(async (request, response) => {
    const [status, body] = await answerTo(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
  return {
    env: {
      DRILL_CONTROL_URL: `http://127.0.0.1:${port}`,
      DRILL_CONTROL_TOKEN: token,
      DRILL_SERVERS: servers.map(({ name }) => name).join(','),
    },
    /** Leaves what is broken to whoever ends the servers. */
    async close() {
      for (const { timer } of held.values()) clearTimeout(timer);
      held.clear();
      listener.close();
      listener.closeAllConnections();
      await last;
    },
  };

  /**
   * @param {import('node:http').IncomingMessage} request
   * @returns {Promise<[status: number, body: object]>}
   */
  async function answerTo({ method, url = '', headers }) {
    if (!isSame(headers.authorization ?? '', `Bearer ${token}`))
      return [401, { error: 'The token is missing or wrong' }];
    const [, name, action = ''] = url.split('/');
    const server = servers.find((each) => each.name === name);
    const wanted = Object.hasOwn(actions, action) ? actions[/** @type {'kill'} */ (action)] : undefined;
    if (!server || !wanted) return [404, { error: 'No such server or action' }];
    if (method !== 'POST') return [405, { error: 'POST alone' }];
    try {
      await inTurn(() => act(server, wanted));
      return [200, { untilMs: held.get(server.name)?.untilMs }];
    } catch (error) {
      return [500, { error: messageOf(error) }];
    }
  }

  /**
   * @param {DrillServer} server
   * @param {typeof actions.kill} action
   */
  async function act(server, { does, holds }) {
    clearTimeout(held.get(server.name)?.timer);
    held.delete(server.name);
    await does(server);
    if (holds) hold(server);
  }

  /** @param {DrillServer} server */
  function hold(server) {
    const timer = setTimeout(() => {
      inTurn(() => act(server, actions.start)).catch((error) =>
        say(`${server.name} does not start again after a drill: ${messageOf(error)}`),
      );
    }, holdMs);
    held.set(server.name, { untilMs: Date.now() + holdMs, timer });
  }

  /** @param {() => Promise<void>} work */
  function inTurn(work) {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }
}

/** Whether it was frozen or killed, or neither. @param {DrillServer} server */
async function mend(server) {
  await server.kill('SIGCONT');
  await server.start();
}

/**
 * @param {string} one
 * @param {string} other
 */
function isSame(one, other) {
  const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @typedef {{
 *   readonly name: string,
 *   kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>,
 *   start(): Promise<void>,
 * }} DrillServer
 */

/** @typedef {'DRILL_CONTROL_URL' | 'DRILL_CONTROL_TOKEN' | 'DRILL_SERVERS'} DrillVariable */
