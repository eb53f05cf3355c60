// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import { createServer } from 'node:http';
import type { Closable, UniteCommand, Verifier } from '@unite/core';
import { compose } from '@unite/core/next';
import { createCluster } from '@unite/db-ha';
import express from 'express';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient, createCluster as createRedisCluster } from 'redis';
import {
  type CheckResult,
  createLifecycle,
  type HealthReport,
  OpsError,
  type OpsErrorCode,
  type OpsShedMessage,
  type OpsStateMessage,
} from '../src';
import { eventLoopCheck, httpCheck, postgresCheck, redisCheck } from '../src/checks';
import { defineConfig } from '../src/config';
import { attachServer, lifecycleMiddleware, needsMiddleware } from '../src/express';
import { lifecycleListener } from '../src/http';
import { type LoadReport, runLoad } from '../src/load';
import { healthRoute, registerLifecycle, withLifecycle } from '../src/next';
import { verifyDatabase, verifyHealth, verifyRedis, verifyTls } from '../src/verify';

const db = createCluster({ nodes: [], Pool: pg.Pool });
const pool = new pg.Pool();

// Each driver's own client, as it is.
const lifecycle = createLifecycle({
  checks: {
    cluster: postgresCheck(db, { writeGraceMs: 5_000 }),
    pool: postgresCheck(pool),
    node: redisCheck(createClient(), { group: 'degraded' }),
    cluster2: redisCheck(createRedisCluster({ rootNodes: [] })),
    io: redisCheck(new Redis()),
    loop: eventLoopCheck({ maxDelayMs: 100 }),
    http: httpCheck({ url: 'http://localhost' }),
    nothing: () => undefined,
    later: async () => {
      await pool.query('SELECT 1');
    },
    result: (): CheckResult => ({ groups: { write: 'down' } }),
    // @ts-expect-error not a status
    wrong: () => ({ status: 'ok' }),
    // @ts-expect-error a text is no result
    text: () => 'fine',
  },
  onShutdown: [db, { close: async () => undefined }],
  // @ts-expect-error has no close()
  onDrain: [{}],
});
// @ts-expect-error an unknown option
createLifecycle({ check: {} });

const report: Promise<HealthReport> = lifecycle.health();
void report;
const closable: Closable = lifecycle;
void closable;

// An admission has to be looked at before it is released.
const admission = lifecycle.admit();
// @ts-expect-error it may be a refusal
admission.release();
if (admission.admitted) admission.release();
else admission.error satisfies OpsError;

const code: OpsErrorCode = 'UNITE_OPS_OVERLOADED';
// @ts-expect-error no such code
const noCode: OpsErrorCode = 'UNITE_OPS_OTHER';
void [code, noCode];
const caught: unknown = undefined;
if (OpsError.isInstance(caught)) caught.code satisfies OpsErrorCode;

// Adapters.
const app = express();
app.use(lifecycleMiddleware(lifecycle, { drainingStatus: 404 }));
app.post('/', needsMiddleware(lifecycle, { needs: 'write' }));
void attachServer(lifecycle, app.listen(0));
void attachServer(lifecycle, createServer(lifecycleListener(lifecycle, () => undefined)), { signals: false });
void registerLifecycle(lifecycle);

const route = compose(withLifecycle(lifecycle));
route(() => new Response(), { ops: { needs: 'write' } });
// @ts-expect-error an unknown key
route(() => new Response(), { ops: { need: 'write' } });
export const GET = healthRoute(lifecycle);

// The command line.
const custom: Verifier = { name: 'billing', about: 'billing answers', run: async () => [] };
const command: UniteCommand = { name: 'keys rotate', about: 'new keys', run: async () => ({ text: 'done' }) };
export default defineConfig({
  verify: [
    verifyHealth({ url: 'http://localhost' }),
    verifyDatabase({ nodes: [{ url: 'postgres://localhost' }], Client: pg.Client }),
    verifyRedis({ client: () => createClient() }),
    verifyRedis({ client: new Redis() }),
    verifyTls({ host: 'localhost', port: 443 }),
    custom,
  ],
  load: { target: 'http://localhost', objectives: { p95Ms: 200 } },
  commands: [command],
});
// @ts-expect-error an unknown key
defineConfig({ verifiers: [] });
const load: Promise<LoadReport> = runLoad({ target: 'http://localhost', thinkMs: [0, 0] });
void load;

declare const shed: OpsShedMessage;
shed.reason satisfies 'delay' | 'in-flight' | 'group';
declare const state: OpsStateMessage;
// @ts-expect-error what was told stays so
state.reason = 'done';
