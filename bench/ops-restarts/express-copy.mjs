/**
 * A small Express application with @unite/ops, in a process of its own.
 *
 * node express-copy.mjs <port>
 */
import express from 'express';
import { attachServer, lifecycleMiddleware } from '../../packages/ops/dist/express.js';
import { createLifecycle } from '../../packages/ops/dist/index.js';

const port = Number(process.argv[2]);
const lifecycle = createLifecycle({
  // HAProxy asks every 200 ms.
  drain: { readinessGraceMs: 1_000, hooksTimeoutMs: 1_000, timeoutMs: 10_000 },
});

const app = express();
app.use(lifecycleMiddleware(lifecycle, { drainingStatus: 404 }));
app.get('/slow', (_, response) => {
  setTimeout(() => response.json({ took: 200 }), 200);
});
app.get('/quick', (_, response) => {
  response.json({ took: 0 });
});
app.post('/orders', express.json(), (request, response) => {
  response.status(201).json(request.body);
});
app.get('/events', (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('data: hello\n\n');
  const timer = setInterval(() => response.write('data: tick\n\n'), 500);
  response.once('close', () => clearInterval(timer));
});

await attachServer(lifecycle, app.listen(port, '127.0.0.1'), {
  onClosed: (report) => {
    if (!report.clean) console.error('not clean', JSON.stringify(report));
  },
});
