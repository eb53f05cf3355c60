import { verifyApm } from '@unite/apm/verify';
import { keysCommand } from '@unite/crypto/keys';
import { tlsVerifier } from '@unite/crypto/tls';
import { defineConfig } from '@unite/ops/config';
import { verifyDatabase, verifyHealth, verifyRedis } from '@unite/ops/verify';
import { otlp } from '@unite/tracing/exporters';
import { type ReadBack, verifyTracing } from '@unite/tracing/verify';
import pg from 'pg';
import { apm } from './lib/apm';
import { env } from './lib/env';
import { rules } from './lib/ops/rules';
import { tlsHops } from './lib/ops/tls-hops';
import { createRedis } from './lib/redis';
import { databaseTls } from './lib/tls';
import { rootKeys, vault } from './lib/unite';

const { databaseNodes, metricsToken, otlpUrl, publicUrl, redisUrl } = env;

/** Whose plan has no limit that this reaches. */
const workspace = { 'x-demo-workspace': 'meridian' };

/** Where there is no other receiver, the application itself tells its last traces. */
const fromTheApplication: ReadBack = async (traceId, signal) => {
  const url = new URL(`/api/ops/traces/${traceId}`, publicUrl);
  const response = await fetch(url, { headers: workspace, signal });
  if (response.status === 404) return 0;
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  return ((await response.json()) as { spans: number }).spans;
};

/** What `npm run unite -- verify` proves, and what `npm run unite -- load` does. */
export default defineConfig({
  verify: [
    verifyHealth({ url: publicUrl, groups: ['write'] }),
    verifyDatabase({
      nodes: databaseNodes,
      Client: pg.Client,
      ...(databaseTls && { ssl: databaseTls, requireTls: true }),
    }),
    ...(databaseTls ? [tlsVerifier({ hops: tlsHops() })] : []),
    verifyApm({
      apm,
      metrics: {
        url: new URL('/metrics', publicUrl).href,
        headers: metricsToken === undefined ? {} : { authorization: `Bearer ${metricsToken}` },
      },
    }),
    verifyTracing({
      exporter: otlpUrl === undefined ? undefined : otlp({ url: otlpUrl }),
      app: {
        url: new URL('/api/contacts', publicUrl).href,
        headers: workspace,
        readBack: fromTheApplication,
      },
    }),
    ...(redisUrl === undefined ? [] : [verifyRedis({ client: () => createRedis(redisUrl) })]),
  ],
  rules,
  commands: [...keysCommand({ vault, keys: rootKeys, keyringPath: env.keyringFile })],
  load: {
    target: publicUrl,
    headers: workspace,
    requests: [
      { path: '/api/contacts', weight: 6 },
      { path: '/api/contacts?q=quill', weight: 2 },
      { path: '/api/hot-leads', weight: 1 },
      { path: '/api/campaigns', weight: 1 },
    ],
    objectives: { p95Ms: 200, errorRate: 0.001 },
  },
});
