import { once } from 'node:events';
import { startHaproxy } from '../../scripts/services/dist/index.js';
import { startRequests } from './requests.mjs';
import { startStreams } from './streams.mjs';

/** Two copies of an application behind an HAProxy that asks them for their health. */
function configOf(ports) {
  return ({ port, socketPath }) => `
global
  stats socket ${socketPath} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  option redispatch
listen app
  bind 127.0.0.1:${port}
  balance roundrobin
  option httpchk GET /health/ready
  http-check disable-on-404
  default-server check inter 200ms fall 3 rise 2
${ports.map((own, index) => `  server copy${index + 1} 127.0.0.1:${own}`).join('\n')}
`;
}

/**
 * One application of two copies, under requests and with event streams open, whose copies are restarted in turn by
 * SIGTERM. Everything that a client sees go wrong is counted.
 *
 * @param {{
 *   restarts: number, streams: number, clients: number, ports: readonly [number, number],
 *   startCopy: (port: number) => Promise<import('node:child_process').ChildProcess>,
 *   requests: readonly { method: string, path: string, headers?: Record<string, string>, body?: string }[],
 *   streamPath: string, headers?: Record<string, string>,
 * }} options `startCopy` resolves when the copy is ready
 */
export async function rollingRestarts({
  restarts,
  streams,
  clients,
  ports,
  startCopy,
  requests,
  streamPath,
  headers,
}) {
  const copies = await Promise.all(ports.map(startCopy));
  const haproxy = await startHaproxy({ config: configOf(ports) });
  await untilBothUp(haproxy);
  const target = { host: '127.0.0.1', port: haproxy.port, headers };
  const load = startRequests({ ...target, clients, requests });
  const watching = startStreams({ ...target, path: streamPath, count: streams });
  await watching.allOpen();

  const exits = [];
  try {
    for (let restart = 0; restart < restarts; restart += 1) {
      const index = restart % copies.length;
      exits.push(await restartCopy(index));
      await untilBothUp(haproxy);
      await watching.allOpen();
      console.error(`restart ${restart + 1} of ${restarts}: ${load.counts().answered} answered`);
    }
  } finally {
    await load.stop();
    watching.stop();
    await Promise.all(copies.map(endCopy));
    await haproxy.close();
  }
  return { ...load.counts(), ...watching.counts(), exits };

  async function restartCopy(index) {
    const startedAtMs = performance.now();
    const [code, signal] = await endCopy(copies[index]);
    const exitMs = performance.now() - startedAtMs;
    copies[index] = await startCopy(ports[index]);
    return { code: code ?? signal, exitMs };
  }
}

function endCopy(copy) {
  if (copy.exitCode !== null || copy.signalCode !== null) return [copy.exitCode, copy.signalCode];
  const exited = once(copy, 'exit');
  copy.kill('SIGTERM');
  return exited;
}

/** HAProxy counts a server in after its second good answer. */
async function untilBothUp(haproxy) {
  for (const deadlineAtMs = Date.now() + 30_000; ; ) {
    const lines = (await haproxy.command('show stat')).split('\n');
    const states = lines.filter((line) => /^app,copy\d/.test(line)).map((line) => line.split(',')[17]);
    if (states.length === 2 && states.every((state) => state === 'UP')) return;
    if (Date.now() > deadlineAtMs) throw new Error(`HAProxy does not count both copies in: ${states}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
