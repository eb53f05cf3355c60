import http from 'node:http';
import { attachServer } from '@unite/ops/express';
import { env } from '../../crm/lib/env';
import { logFailures } from '../../crm/lib/log-failures';

/** Longer than whoever means it takes to send a request. */
const requestTimeoutMs = 15_000;

// Before what imports pg or redis, or tracing does not see them.
await import('./tracing');
logFailures();
const { app } = await import('./app');
const { lifecycle } = await import('./unite');

const { host, port } = env.address;
const limits = { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs };
await attachServer(lifecycle, http.createServer(limits, app).listen(port, host));
