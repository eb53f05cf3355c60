import { apmErrorMiddleware, apmMiddleware } from '@unite/apm/express';
import { contextMiddleware } from '@unite/core/express';
import { csrfMiddleware, securityHeadersMiddleware } from '@unite/crypto/express';
import { consistencyMiddleware } from '@unite/db-ha/express';
import { dashboardMiddleware, lifecycleMiddleware } from '@unite/ops/express';
import { notFoundMiddleware, problemMiddleware } from '@unite/problem/express';
import { tracingErrorMiddleware, tracingMiddleware } from '@unite/tracing/express';
import express from 'express';
import { identityOf } from '../../crm/lib/session';
import { apm, metrics } from './apm';
import { contacts } from './contacts';
import { dashboard } from './dashboard';
import { factsMiddleware, readSession } from './facts-middleware';
import { tracing } from './tracing';
import { consistency, lifecycle, problems } from './unite';
import { usage } from './usage';

/** What every request passes, from top to bottom. */
export const app = express();

// A contact has an ETag of its own, by its version.
app.set('etag', false);
app.use(securityHeadersMiddleware());
// /health, and load shedding.
app.use(lifecycleMiddleware(lifecycle, { onRefused: 'next' }));
app.get('/metrics', metrics.handler());
app.use('/ops', dashboardMiddleware(dashboard));

app.use(contextMiddleware({ identify: (request) => identityOf(readSession(request)), timeoutMs: 15_000 }));
app.use(tracingMiddleware(tracing));
app.use(factsMiddleware);
app.use(consistencyMiddleware(consistency));
app.use(apmMiddleware(apm));
app.use(csrfMiddleware());

app.use('/api/v1', contacts, usage);

app.use(notFoundMiddleware(problems));
app.use(tracingErrorMiddleware());
app.use(apmErrorMiddleware());
app.use(problemMiddleware(problems));
