// A service inside: believes whoever asks it, and works through the stream.
import { createServer } from 'node:http';
import { span, startTracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';
import { tracingMiddleware } from '@unite/tracing/express';
import { continueTrace } from '@unite/tracing/propagation';

const tracing = startTracing({
  service: { name: 'catalog' },
  exporters: [otlp({ url: process.env.RECEIVER_URL })],
  instrument: ['redis'],
  propagation: { trustParent: true },
});
const { createClient } = await import('redis');
const redis = createClient({ url: process.env.REDIS_URL });
await redis.connect();

const trace = tracingMiddleware(tracing);
const server = createServer((request, response) => {
  trace(request, response, () => response.end('12.50'));
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', async () => {
  redis.destroy();
  await tracing.close();
  process.exit();
});

let last = '0';
while (redis.isOpen) {
  const [stream] = (await redis.xRead({ key: 'orders', id: last }, { BLOCK: 100 }).catch(() => null)) ?? [];
  for (const { id, message } of stream?.messages ?? []) {
    last = id;
    await continueTrace(message, () => span('work on an order', async () => {}));
  }
  // Each time, since the test looks then whether everything has arrived.
  if (process.connected) process.send('looked');
}
