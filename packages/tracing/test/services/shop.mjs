// A service at the edge: asks another one over HTTP, and a worker over a stream of Redis.
import { createServer } from 'node:http';
import { startTracing } from '@unite/tracing';
import { otlp } from '@unite/tracing/exporters';
import { tracingMiddleware } from '@unite/tracing/express';
import { injectTrace } from '@unite/tracing/propagation';

const tracing = startTracing({
  service: { name: 'shop' },
  exporters: [otlp({ url: process.env.RECEIVER_URL })],
  instrument: ['undici', 'redis'],
});
const { createClient } = await import('redis');
const redis = createClient({ url: process.env.REDIS_URL });
await redis.connect();

const trace = tracingMiddleware(tracing);
const server = createServer((request, response) => {
  trace(request, response, async () => {
    const price = await fetch(`${process.env.CATALOG_URL}/price`).then((answer) => answer.text());
    await redis.xAdd('orders', '*', injectTrace({ lead: '7' }));
    response.end(price);
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', async () => {
  await tracing.close();
  process.exit();
});
