import { Agent, get } from 'node:http';

/**
 * Connections that each ask again as soon as they are answered.
 *
 * @returns {Promise<Float64Array>} how long each request took, in milliseconds, sorted
 */
export async function load({ port, path, connections, durationMs }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs = [];
  const endsAtMs = performance.now() + durationMs;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (performance.now() < endsAtMs) {
        const startedAtMs = performance.now();
        await ask({ port, path: `${path}/${connection}`, agent });
        tookMs.push(performance.now() - startedAtMs);
      }
    }),
  );
  agent.destroy();
  return Float64Array.from(tookMs).sort();
}

/** Asks a server once at each call, over connections that are kept. */
export function senderTo({ port, path }) {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  return () => ask({ port, path: `${path}/${turn++ % 8}`, agent });
}

export const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function ask({ port, path, agent }) {
  return new Promise((resolve, reject) => {
    get({ port, path, agent, host: '127.0.0.1' }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
      response.resume().on('end', resolve).on('error', reject);
    }).on('error', reject);
  });
}
