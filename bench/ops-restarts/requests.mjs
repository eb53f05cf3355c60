import { Agent, request } from 'node:http';

/** Longer than that, and the request counts as lost, in milliseconds. */
const timeoutMs = 10_000;

/** Between two requests of one client, in milliseconds. */
const pauseMs = 10;

/**
 * Clients that ask without end, each over a connection of its own that it keeps, and never try again: what fails, is
 * lost.
 *
 * @param {{
 *   host: string, port: number, headers?: Record<string, string>, clients: number,
 *   requests: readonly { method: string, path: string, headers?: Record<string, string>, body?: string }[],
 * }} options
 */
export function startRequests({ host, port, headers, clients, requests }) {
  let isOver = false;
  let answered = 0;
  let slowestMs = 0;
  const lost = new Map();
  const running = Array.from({ length: clients }, (_, client) => run(client));
  return {
    counts: () => ({ answered, lost: Object.fromEntries(lost), slowestMs }),
    async stop() {
      isOver = true;
      await Promise.all(running);
    },
  };

  async function run(client) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = client; !isOver; turn += 1) {
      const startedAtMs = performance.now();
      const outcome = await send(agent, requests[turn % requests.length], `${client}-${turn}`);
      slowestMs = Math.max(slowestMs, performance.now() - startedAtMs);
      if (outcome === undefined) answered += 1;
      else lost.set(outcome, (lost.get(outcome) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    agent.destroy();
  }

  /** @returns nothing, or in a word what went wrong */
  function send(agent, { method, path, headers: own, body }, key) {
    return new Promise((resolve) => {
      const sent = request(
        {
          host,
          port,
          agent,
          method,
          path,
          timeout: timeoutMs,
          headers: { ...headers, ...own, ...(method !== 'GET' && { 'idempotency-key': key }) },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            if (response.statusCode >= 400) text += chunk;
          });
          response.on('error', (error) => resolve(`${method} ${error.code}`));
          response.on('end', () =>
            resolve(response.statusCode < 400 ? undefined : refusalOf(method, response, text)),
          );
        },
      );
      sent.on('timeout', () => sent.destroy(Object.assign(new Error('late'), { code: 'TIMEOUT' })));
      sent.on('error', (error) => resolve(`${method} ${error.code}`));
      sent.end(body?.replaceAll('{key}', key));
    });
  }
}

/** With the title of a problem document, which tells whether the proxy or the application refused. */
function refusalOf(method, { statusCode }, text) {
  const title = /"(?:detail|title)":"([^"]{1,60})/.exec(text)?.[1] ?? text.slice(0, 40);
  return `${method} ${statusCode} ${title}`;
}
