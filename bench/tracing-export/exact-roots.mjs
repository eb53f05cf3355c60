import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createExportPipeline, otlp } from '../../packages/tracing/dist/exporters.js';
import { createTailSampler } from '../../packages/tracing/dist/sampling.js';
import { makeTrace, spansPerTrace, tracerOf } from './open-telemetry.mjs';

const program = fileURLToPath(new URL('./receiver-process.mjs', import.meta.url));
const requests = 10_000;
const atATime = 50;

/** 10,000 HTTP requests of six spans at a ratio of 1, and what a real receiver has of them. */
export async function exactRoots(report) {
  const receiver = fork(program);
  const [{ url }] = await once(receiver, 'message');
  // That receiver does not unpack gzip.
  const pipeline = createExportPipeline([otlp({ url, compression: 'none' })]);
  const sampler = createTailSampler({ ratio: 1 }, pipeline.push);
  const tracer = tracerOf([sampler]);
  const server = createServer((_, response) => {
    makeTrace(tracer);
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  const startedAtMs = performance.now();
  await sendAll(server.address().port);
  const tookMs = performance.now() - startedAtMs;
  const closed = await pipeline.close(30_000);
  const [stats] = pipeline.stats();
  const answer = once(receiver, 'message');
  receiver.send('count');
  const [seen] = await answer;
  receiver.disconnect();
  server.close();

  report.note(
    `${requests} requests in ${(tookMs / 1_000).toFixed(1)} s: ${seen.roots} roots and ${seen.spans} spans ` +
      `(${seen.different} different ones) at the receiver; ${JSON.stringify({ ...stats, exporter: undefined })}`,
  );
  const spans = requests * spansPerTrace;
  report.claim(
    `${requests} requests at a ratio of 1 are ${requests} roots at the receiver`,
    seen.roots === requests,
    { figure: `${seen.roots}` },
  );
  report.claim(
    `each with its ${spansPerTrace} spans, once`,
    seen.spans === spans && seen.different === spans,
    { figure: `${seen.spans} spans` },
  );
  report.claim(
    'nothing is dropped or lost',
    stats.dropped === 0 && stats.exported === spans && closed.lost === 0,
  );
}

async function sendAll(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  let left = requests;
  const sendInTurn = async () => {
    while (left > 0) {
      left -= 1;
      const [response] = await once(get({ port, host: '127.0.0.1', agent }), 'response');
      response.resume();
      await once(response, 'end');
    }
  };
  await Promise.all(Array.from({ length: atATime }, sendInTurn));
  agent.destroy();
}
