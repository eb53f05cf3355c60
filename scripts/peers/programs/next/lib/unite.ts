import { startApm } from '@unite/apm';
import { withApm } from '@unite/apm/next';
import { createCache } from '@unite/cache';
import { withCache } from '@unite/cache/next';
import { compose, pageContext, withContext } from '@unite/core/next';
import { once } from '@unite/core/once';
import { withCsrf } from '@unite/crypto/next';
import { createLifecycle } from '@unite/ops';
import { withLifecycle } from '@unite/ops/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { createQuota, definePlans } from '@unite/quota';
import { withQuota } from '@unite/quota/next';
import { withTracing } from '@unite/tracing/next';
import { headers } from 'next/headers';
import { tracing } from './tracing';

export const lifecycle = once('peers.lifecycle', () => createLifecycle());
export const apm = once('peers.apm', () => startApm({ service: { name: 'peers' }, crash: false }));
const plans = definePlans({ free: { apiCallsPerDay: 2 } });
const quota = once('peers.quota', () => createQuota({ plans }));
const cache = once('peers.cache', () => createCache({ namespace: 'peers' }));
const problems = defineProblems({
  baseUrl: '/errors/',
  types: { 'no-contact': { status: 404, title: 'No contact' } },
});
export const { error: problem } = problems;

export const route = compose(
  withContext({ identify: () => ({ tenantId: 'acme', plan: 'free' }), timeoutMs: 30_000 }),
  withTracing(tracing),
  withProblems(problems),
  withApm(apm),
  withLifecycle(lifecycle),
  withCsrf(),
  withQuota(quota, { use: {} }),
  withCache(cache),
);
export const page = pageContext({ headers });
