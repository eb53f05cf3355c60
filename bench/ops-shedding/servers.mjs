import { createServer } from 'node:http';
import underPressure from '@fastify/under-pressure';
import fastify from 'fastify';
import toobusy from 'toobusy-js';
import { createLoadShedder } from '../../packages/ops/dist/index.js';
import { workloads } from './workloads.mjs';

/** The same bound for all that have one. */
export const maxDelayMs = 100;
/** Connections wait in the kernel, not at the client. */
const backlog = 4_096;
const keepAliveTimeout = 120_000;

/**
 * Each serves one path a workload, and `/health`, which is never refused. Peers as they are installed, and with a
 * shorter interval of measuring.
 *
 * @type {Record<string, () => Promise<number>>} the port
 */
export const servers = {
  '@unite/ops'() {
    const shedder = createLoadShedder({ maxDelayMs, warmUpMs: 0 });
    return listen((response) => {
      const admission = shedder.admit();
      if (!admission.admitted) return refuse(response, admission.error.retryAfterMs);
      response.on('close', () => admission.release());
      return true;
    });
  },
  'toobusy-js': () => listen(unlessTooBusy({})),
  'toobusy-js, every 50 ms': () => listen(unlessTooBusy({ intervalMs: 50 })),
  '@fastify/under-pressure': () => listenFastify({ maxEventLoopDelay: maxDelayMs }),
  '@fastify/under-pressure, every 100 ms': () =>
    listenFastify({ maxEventLoopDelay: maxDelayMs, sampleInterval: 100 }),
  'no shedding': () => listen(() => true),
};

function unlessTooBusy({ intervalMs }) {
  toobusy.maxLag(maxDelayMs);
  if (intervalMs) toobusy.interval(intervalMs);
  return (response) => !toobusy() || refuse(response, 2_000);
}

function refuse(response, retryAfterMs) {
  response.writeHead(503, { 'retry-after': Math.ceil(retryAfterMs / 1_000) });
  response.end('busy');
  return false;
}

function listen(admits) {
  const server = createServer(async (request, response) => {
    const workload = workloads[request.url.slice(1)];
    if (workload) {
      if (!admits(response)) return;
      const work = workload.run();
      if (work) await work;
    }
    response.end('done');
  });
  server.keepAliveTimeout = keepAliveTimeout;
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog }, () => resolve(server.address().port));
  });
}

async function listenFastify(options) {
  const app = fastify({ keepAliveTimeout });
  await app.register(underPressure, options);
  for (const [name, workload] of Object.entries(workloads)) {
    app.get(`/${name}`, async () => {
      const work = workload.run();
      if (work) await work;
      return 'done';
    });
  }
  // A handler that does nothing lets the request pass.
  app.get('/health', { config: { pressureHandler: () => undefined } }, async () => 'done');
  await app.listen({ port: 0, host: '127.0.0.1', backlog });
  return app.server.address().port;
}
