import { createCache } from '@unite/cache';
import { contextMiddleware } from '@unite/core/express';
import { defineProblems } from '@unite/problem';
import { notFoundMiddleware, problemMiddleware } from '@unite/problem/express';
import { createQuota, definePlans } from '@unite/quota';
import { quotaMiddleware } from '@unite/quota/express';
import express from 'express';

const problems = defineProblems({ baseUrl: 'https://api.example.com/errors/', types: {} });
const cache = createCache({ namespace: 'contacts' });
const contacts = cache.define('contacts', {
  key: (page) => [page],
  scope: 'tenant',
  tags: () => ['contacts'],
  memoryTtlMs: 60_000,
  load: async () => [{ id: 1, name: 'Ada' }],
});
const quota = createQuota({ plans: definePlans({ free: { apiCallsPerDay: 2 } }) });

export const app = express();
app.use(contextMiddleware({ identify: () => ({ tenantId: 'acme', plan: 'free' }) }));
app.get('/contacts', quotaMiddleware({ quota, use: { apiCalls: 1 } }), async (_request, response) => {
  response.json(await contacts.get(1));
});
app.use(notFoundMiddleware(problems));
app.use(problemMiddleware(problems));
