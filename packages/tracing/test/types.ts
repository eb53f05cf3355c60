// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import Anthropic from '@anthropic-ai/sdk';
import type { Closable, Verifier } from '@unite/core';
import { compose, pageContext, withContext } from '@unite/core/next';
import express from 'express';
import OpenAI from 'openai';
import pino from 'pino';
import {
  currentTraceId,
  span,
  startTracing,
  type Tracing,
  TracingError,
  type TracingErrorCode,
} from '../src';
import { consoleTree, file, otlp } from '../src/exporters';
import { browserSpansMiddleware, tracingMiddleware } from '../src/express';
import { traceAiClient, UniteInstrumentation } from '../src/instrumentation';
import { traceMixin } from '../src/logs';
import { browserSpansHandler, pageTracing, withTracing } from '../src/next';
import { continueTrace, injectTrace } from '../src/propagation';
import { createTraceStore } from '../src/store';
import { jaeger, verifyTracing } from '../src/verify';

const tracing: Tracing = startTracing({
  service: { name: 'crm', release: undefined },
  exporters: [
    otlp({ url: 'http://localhost:4318' }),
    consoleTree(),
    file({ path: 'spans' }),
    createTraceStore(),
  ],
  instrument: ['pg', new UniteInstrumentation()],
  sampling: { ratio: 0.1, keepSlowerThanMs: 500 },
});
export const closable: Closable = tracing;

// @ts-expect-error a service has a name
startTracing({ service: {} });
// @ts-expect-error nobody instruments that
startTracing({ service: { name: 'crm' }, instrument: ['mysql'] });

// What the work returns is what comes back, at once or later.
export const now: number = span('count', () => 1);
export const later: Promise<string> = span(
  'read',
  { 'crm.id': 7 },
  async (active) => active.spanContext().spanId,
);
// @ts-expect-error an attribute is no object
span('read', { contact: { id: 7 } }, () => {});
export const traceId: string | undefined = currentTraceId();

// A client stays what it was.
export const openai: OpenAI = traceAiClient(new OpenAI());
export const anthropic: Anthropic = traceAiClient(new Anthropic());

express().use(tracingMiddleware(tracing), browserSpansMiddleware(tracing));
express().use(tracingMiddleware({ tracing, skip: ({ url }) => url === '/health' }));
pino({ mixin: traceMixin() });

export const route = compose(withContext({}), withTracing(tracing));
export const GET = route(() => new Response(), {
  tracing: { name: 'contacts', attributes: { list: ['a'] } },
});
export const POST = route(browserSpansHandler(tracing), { tracing: false });
// @ts-expect-error a route has no other option
route(() => new Response(), { tracing: { title: 'contacts' } });
export const page = pageTracing({ page: pageContext({ headers: async () => new Headers() }) });

export const message: { job: string } = injectTrace({ job: 'score' });
export const done: Promise<void> = continueTrace(message, async () => {});

export const verifier: Verifier = verifyTracing({
  tracing,
  readBack: jaeger({ url: 'http://localhost:16686' }),
});

declare const error: unknown;
if (TracingError.isInstance(error)) error.code satisfies TracingErrorCode;
// @ts-expect-error a code that does not exist
new TracingError('UNITE_TRACING_OOPS', 'text');
