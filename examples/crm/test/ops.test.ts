import { describe, expect, test } from '@jest/globals';
import type { ClusterReport } from '../lib/ops/cluster-report';
import { readRates } from '../ui/ops/read-rates';
import { api, signIn } from './support/api';

describe('who may see the servers', () => {
  test('owners may; others are refused by the API and get no link', async () => {
    const { status, text } = await api('/api/ops/cluster');
    expect(status).toBe(200);
    const { cluster } = JSON.parse(text) as ClusterReport;
    expect(cluster.nodes.map(({ role }) => role)).toEqual(['primary', 'replica', 'replica']);
    expect(text).not.toMatch(/postgres:|password/);

    const viewer = await signIn('harbour-luis');
    expect((await api('/api/ops/cluster', { cookie: viewer })).status).toBe(403);
    const page = await api('/ops', { cookie: viewer });
    expect(page.text).toContain('Owners see the servers');
    expect(page.text).not.toContain('href="/ops"');
    expect(page.text).not.toContain(new URL(process.env.TEST_DATABASE_URL ?? '').host);
  });

  test('without JavaScript the page shows the servers as they are', async () => {
    const { text } = await api('/ops', { cookie: await signIn('harbour-imani') });
    for (const { name } of (JSON.parse((await api('/api/ops/cluster')).text) as ClusterReport).cluster.nodes)
      expect(text).toContain(`<code>${name}</code>`);
    expect(text).toContain('Healthy');
  });
});

test('rates are per second, and what is not known is a gap', () => {
  const report = (atMs: number, replicaReads: number) =>
    ({ atMs, cluster: { counts: { replicaReads, primaryReads: 0 } } }) as ClusterReport;
  const reports = [report(0, 10), report(500, 20), report(10_000, 30), report(11_000, 5), report(12_000, 6)];
  expect(readRates(reports)).toEqual([
    { atMs: 500, replicas: 20, primary: 0 },
    undefined, // nobody looked
    undefined, // counted anew after a restart
    { atMs: 12_000, replicas: 1, primary: 0 },
  ]);
});
