/**
 * A small Express application with @unite/ops, as `unite deploy` starts it: PORT and HOST say where, BUILD what is wrong
 * with it.
 */
import express from 'express';
import { attachServer, lifecycleMiddleware } from '../../packages/ops/dist/express.js';
import { createLifecycle } from '../../packages/ops/dist/index.js';
import { addSampleRoutes } from '../lib/sample-routes.mjs';

const { PORT, HOST, BUILD = 'good' } = process.env;
if (BUILD === 'crashes') throw new Error('the configuration is broken');

const lifecycle = createLifecycle({
  // HAProxy asks every 200 ms.
  drain: { readinessGraceMs: 1_000, hooksTimeoutMs: 1_000, timeoutMs: 10_000 },
});
const app = express();
if (BUILD === 'hangs') app.use(() => {});
app.use(lifecycleMiddleware(lifecycle, { drainingStatus: 404 }));
if (BUILD === 'answers 500') app.use((_, response) => response.sendStatus(500));
if (BUILD === 'is slow') app.use((_, __, next) => setTimeout(next, 1_000));
if (BUILD === 'dies later') setTimeout(() => process.exit(1), Number(process.env.DIES_AFTER_MS));
addSampleRoutes(app);
await attachServer(lifecycle, app.listen(Number(PORT), HOST));
