// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import type { Closable, Verifier } from '@unite/core';
import { compose, withContext } from '@unite/core/next';
import express from 'express';
import { Registry } from 'prom-client';
import { type Apm, type ApmRequestMessage, type Sink, startApm } from '../src';
import { startBrowserApm } from '../src/browser';
import { datadog } from '../src/datadog';
import { apmErrorMiddleware, apmMiddleware } from '../src/express';
import { browserErrorsHandler, captureRequestError, withApm } from '../src/next';
import { prometheus } from '../src/prometheus';
import { sentry } from '../src/sentry';
import { slo } from '../src/slo';
import { createEventStore } from '../src/store';
import { verifyApm } from '../src/verify';

const apm: Apm = startApm({
  service: { name: 'crm', release: undefined },
  sinks: [
    sentry({ dsn: 'https://abc@o1.ingest.sentry.io/1' }),
    prometheus({ registry: new Registry() }),
    datadog(),
    createEventStore(),
  ],
  slos: [slo('fast', { target: 0.99, underMs: 200 })],
});
apm satisfies Closable;
prometheus() satisfies Sink;
// @ts-expect-error a service has a name
startApm({ service: {} });
// @ts-expect-error an address is no sink
startApm({ service: { name: 'crm' }, sinks: ['https://abc@o1.ingest.sentry.io/1'] });
// @ts-expect-error units and types of a known option
startApm({ service: { name: 'crm' }, slowQueryMs: '500ms' });
// @ts-expect-error an objective has a target
slo('fast', { underMs: 200 });
// @ts-expect-error Sentry is reached by a DSN
sentry({});

apm.captureError('whatever was thrown', { level: 'warning', tags: { part: 'mail' } }) satisfies
  | string
  | undefined;
// @ts-expect-error a level that does not exist
apm.captureError(new Error('x'), { level: 'severe' });
// @ts-expect-error tags are texts
apm.captureError(new Error('x'), { tags: { attempt: 3 } });
apm.count('contacts_created', 1, { plan: 'pro' });
// @ts-expect-error amounts are numbers
apm.count('contacts_created', '1');
apm.recordAiUsage({ model: 'small-1', inputTokens: 1, outputTokens: 1 });
// @ts-expect-error tokens that are left out would cost nothing
apm.recordAiUsage({ model: 'small-1', inputTokens: 1 });

express().use(apmMiddleware(apm), apmErrorMiddleware());
const route = compose(withContext(), withApm(apm));
route(browserErrorsHandler(apm), { apm: false });
// @ts-expect-error a route has no other option
route(() => new Response(), { apm: { names: 'contacts' } });
export const onRequestError = captureRequestError(apm);
export const verifier: Verifier = verifyApm({ apm });

startBrowserApm({ service: { name: 'crm' }, consent: 'denied' });
// @ts-expect-error nobody is measured without an answer
startBrowserApm({ service: { name: 'crm' } });
// @ts-expect-error an answer is yes or no
startBrowserApm({ service: { name: 'crm' }, consent: 'maybe' });

declare const message: ApmRequestMessage;
message.durationMs satisfies number;
message.tenantId satisfies string | undefined;
// @ts-expect-error what was told stays so
message.eventId = 'e';
