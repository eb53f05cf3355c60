/**
 * A small Express application with @unite/ops, in a process of its own.
 *
 * node express-copy.mjs <port>
 */
import express from 'express';
import { attachServer, lifecycleMiddleware } from '../../packages/ops/dist/express.js';
import { createLifecycle } from '../../packages/ops/dist/index.js';
import { addSampleRoutes } from '../lib/sample-routes.mjs';

const port = Number(process.argv[2]);
const lifecycle = createLifecycle({
  // HAProxy asks every 200 ms.
  drain: { readinessGraceMs: 1_000, hooksTimeoutMs: 1_000, timeoutMs: 10_000 },
});

const app = express();
app.use(lifecycleMiddleware(lifecycle, { drainingStatus: 404 }));
addSampleRoutes(app);

await attachServer(lifecycle, app.listen(port, '127.0.0.1'), {
  onClosed: (report) => {
    if (!report.clean) console.error('not clean', JSON.stringify(report));
  },
});
