import { afterEach, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { checkContext } from '../../src/check/check-context';
import { checkOwner } from '../../src/check/check-owner';

// What programs of broken-set-ups.test.ts show from outside, for each case by itself.
describe('checkOwner', () => {
  afterEach(() => {
    trace.disable();
    context.disable();
  });

  it('passes what is ours', () => {
    expect(checkOwner('unite')).toMatchObject({ status: 'passed' });
  });

  it('names whose provider was first, and what to do about it', () => {
    class SentryTracerProvider extends BasicTracerProvider {}
    trace.setGlobalTracerProvider(new SentryTracerProvider());
    expect(checkOwner('joined')).toMatchObject({
      status: 'warned',
      detail: expect.stringMatching(/^Sentry's provider \(SentryTracerProvider\)/),
      remedy: expect.stringContaining('enableOpenTelemetrySetup: false'),
    });
    trace.disable();
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    expect(checkOwner('joined')).toMatchObject({
      detail: expect.stringMatching(/^another provider \(BasicTracerProvider\)/),
      remedy: expect.stringContaining('Call startTracing before'),
    });
  });

  it('fails where nobody could register', () => {
    expect(checkOwner('joined')).toMatchObject({ code: 'UNITE_TRACING_REFUSED', status: 'failed' });
  });
});

describe('checkContext', () => {
  it('fails without a context manager', () => {
    expect(checkContext()).toMatchObject({ code: 'UNITE_TRACING_NO_CONTEXT', status: 'failed' });
  });
});
