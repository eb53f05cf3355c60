import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { DatadogTracer } from '../../src/datadog';
import { tellActiveSpan } from '../../src/datadog/join-dd-trace';
import { bundledScript } from '../support/bundled-script';
import { startDatadogAgent } from '../support/datadog-agent';
import { startTraceAgentStandIn } from '../support/trace-agent-stand-in';
import { errorOf } from './support';

const program = `
  const tracer = require('dd-trace').init({ url: process.argv[2], flushInterval: 50, logInjection: false, runtimeMetrics: false });
  const { datadog, datadogTraceFields } = require('./src/datadog');
  const { systemClock } = require('@unite/shared');
  const { errorOf } = require('./test/datadog/support');
  const sink = datadog({ host: '127.0.0.1', port: Number(process.argv[3]) });
  sink.start({ service: { name: 'crm' }, clock: systemClock, redact: (text) => text });
  tracer.trace('work', (span) => {
    sink.error(errorOf());
    const record = {};
    tracer.inject(span, 'log', record);
    const context = span.context();
    const fields = datadogTraceFields(context.toTraceId(true), context.toSpanId(true));
    process.stdout.write(JSON.stringify({ injected: record.dd, fields, traceId: context.toTraceId(true) }));
  });
  sink.error(errorOf({ fingerprint: ['outside'] }));
  sink.close();
`;

test('a span of the real dd-trace carries the error and the deployment, and log fields are those that it writes', async () => {
  const traces = await startTraceAgentStandIn();
  const agent = await startDatadogAgent();
  const script = bundledScript('dd-trace', program);
  const child = spawn(process.execPath, [script.path, traces.url, String(agent.port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      DD_TRACE_STARTUP_LOGS: 'false',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  script.remove();
  expect(code).toBe(0);
  const { injected, fields, traceId } = JSON.parse(output);
  expect(fields).toEqual({ 'dd.trace_id': injected.trace_id, 'dd.span_id': injected.span_id });

  const span = await traces.span('work');
  expect(span.meta).toMatchObject({
    'error.type': 'TypeError',
    'error.message': 'Nothing there',
    'error.stack': expect.stringContaining('at importContacts (src/import.ts:12:7)'),
    'unite.event_id': 'e'.repeat(32),
    deployment: 'd-42',
    'git.commit.sha': 'abc123',
    tenant: 'acme',
  });
  expect(Number(span.error)).toBe(1);
  expect(BigInt(span.span_id)).toBe(BigInt(fields['dd.span_id']));
  expect(BigInt(span.trace_id)).toBe(BigInt(`0x${traceId.slice(16)}`));

  await agent.until(() => agent.events().length === 2);
  const [inside, outside] = agent.events();
  expect(inside?.text).toContain(`dd.trace_id=${fields['dd.trace_id']} dd.span_id=${fields['dd.span_id']}`);
  expect(inside?.tags).toContain(`trace_id:${traceId}`);
  expect(outside?.text).not.toContain('dd.trace_id');
  traces.close();
  agent.close();
});

describe('a tracer that is given', () => {
  const slots = globalThis as { _ddtrace?: DatadogTracer | undefined };
  afterEach(() => {
    slots._ddtrace = undefined;
  });

  const tags = new Map<string, unknown>();
  const tracer: DatadogTracer = {
    scope: () => ({
      active: () => ({
        setTag: (name, value) => tags.set(name, value),
        context: () => ({ toTraceId: () => 'a', toSpanId: () => 'b' }),
      }),
    }),
  };

  test('is told; a warning does not fail its span, and what is not known is left out', () => {
    tags.clear();
    const warning = errorOf({ level: 'warning', tenantId: undefined, service: { name: 'crm' } });
    expect(tellActiveSpan(warning, tracer)).toEqual({ traceId: 'a', spanId: 'b' });
    expect(Object.fromEntries(tags)).toEqual({ 'unite.event_id': 'e'.repeat(32) });
    const nameless = { function: undefined, file: 'a.js', line: 1, column: 2, isInApp: true };
    const [exception] = errorOf().exceptions;
    tellActiveSpan(errorOf({ exceptions: [{ ...exception, frames: [nameless] }] }), tracer);
    expect(tags.get('error.stack')).toBe('TypeError: Nothing there\n    at <anonymous> (a.js:1:2)');
  });

  test('is the one that runs where none is, and may be none, idle or broken', () => {
    expect(tellActiveSpan(errorOf())).toBeUndefined();
    slots._ddtrace = tracer;
    expect(tellActiveSpan(errorOf())).toEqual({ traceId: 'a', spanId: 'b' });
    expect(tellActiveSpan(errorOf(), { scope: () => ({ active: () => null }) })).toBeUndefined();
    const broken = {
      scope: () => {
        throw new Error('no');
      },
    };
    expect(tellActiveSpan(errorOf(), broken)).toBeUndefined();
  });
});
