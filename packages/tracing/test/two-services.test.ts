import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startRedis } from '@unite/services';
import { readWireSpan, startReceiver } from './support/receiver';

const toolsDirectory = join(__dirname, '../../../.unite/tools');

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
const services: ChildProcess[] = [];

beforeAll(async () => {
  [receiver, redis] = await Promise.all([startReceiver(), startRedis({ toolsDirectory })]);
});
afterAll(async () => {
  await Promise.all(services.map(end));
  await Promise.all([receiver?.close(), redis?.close()]);
});

it('a request over HTTP and over a stream of Redis is one trace of two services', async () => {
  const env = { RECEIVER_URL: `${receiver.httpUrl}/v1/traces`, REDIS_URL: redis.url };
  const catalog = await start('catalog', env);
  const shop = await start('shop', { ...env, CATALOG_URL: `http://127.0.0.1:${catalog}` });
  const answer = await fetch(`http://127.0.0.1:${shop}/orders`);
  expect(await answer.text()).toBe('12.50');
  const traceId = answer.headers.get('traceresponse')?.split('-')[1];
  const spans = () =>
    receiver
      .spans()
      .map(readWireSpan)
      .filter((one) => one.traceId === traceId);
  const named = (name: string) => spans().filter((one) => one.name === name);
  const servers = () => named('GET').filter(({ kind }) => kind === 'server');
  const isThere = () => servers().length === 2 && named('work on an order').length === 1;
  // The worker tells each time it has looked into the stream.
  while (!isThere()) await once(services[0] as ChildProcess, 'message');

  const edge = servers().find(({ parentSpanId }) => parentSpanId === undefined);
  const inside = servers().find(({ parentSpanId }) => parentSpanId !== undefined);
  const [call] = named('GET').filter(({ kind }) => kind === 'client');
  const [work] = named('work on an order');
  expect(call?.parentSpanId).toBe(edge?.spanId);
  expect(inside?.parentSpanId).toBe(call?.spanId);
  expect(work?.parentSpanId).toBe(edge?.spanId);
});

/** @returns the port */
async function start(name: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = fork(join(__dirname, 'services', `${name}.mjs`), { env: { ...process.env, ...env } });
  services.push(child);
  const [port] = (await once(child, 'message')) as [number];
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
}
