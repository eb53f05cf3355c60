import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { span, startTracing, type Tracing, type TracingOptions } from '../src';

const service = {
  name: 'crm',
  release: '4f2a91c',
  environment: 'test',
  deployment: 'd-1',
  instanceId: 'i-1',
};

describe('startTracing', () => {
  const running: Tracing[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((tracing) => tracing.close()));
    jest.restoreAllMocks();
  });

  function start(options: Partial<TracingOptions> = {}) {
    const exporter = new InMemorySpanExporter();
    // Kept for the test to look at.
    exporter.shutdown = async () => {};
    const tracing = startTracing({
      service,
      exporters: [exporter],
      instrument: ['unite'],
      selfCheck: false,
      ...options,
    });
    running.push(tracing);
    return { tracing, exporter };
  }

  it('owns the providers, and exports what it names', async () => {
    const { tracing, exporter } = start({ attributes: { team: 'sales' } });
    expect(tracing.owner).toBe('unite');
    span('work', () => {});
    expect(await tracing.flush()).toEqual({ exported: 1, lost: 0, timedOut: false });
    const [work] = exporter.getFinishedSpans();
    expect(work?.attributes).toEqual({ 'unite.sampling.reason': 'all' });
    expect(work?.resource.attributes).toMatchObject({
      'service.name': 'crm',
      'service.version': '4f2a91c',
      'deployment.environment.name': 'test',
      'deployment.id': 'd-1',
      'service.instance.id': 'i-1',
      team: 'sales',
    });
    expect(tracing.stats()).toMatchObject({
      spans: { started: 1, ended: 1 },
      sampling: { kept: { all: 1 } },
      exporters: [{ exporter: 'InMemorySpanExporter', exported: 1, failed: 0, dropped: 0 }],
      propagation: { trusted: 0 },
    });
  });

  it('cuts megabytes, drops what is no attribute, and masks secrets', async () => {
    const { tracing, exporter } = start({
      limits: { maxTextLength: 100 },
      redact: (_, text) => text.replace('Ada', '…'),
    });
    const wrong = { list: [1, 'a'], object: { a: 1 }, nothing: null, number: Number.NaN } as never;
    span(
      'x'.repeat(1_000_000),
      { text: 'y'.repeat(1_000_000), url: 'http://u:geheim@h/', who: 'Ada' },
      (active) => {
        active.setAttributes(wrong);
        active.setStatus({ code: SpanStatusCode.ERROR, message: 'z'.repeat(1_000_000) });
      },
    );
    await tracing.flush();
    const [cut] = exporter.getFinishedSpans();
    expect(cut?.name).toHaveLength(100);
    expect(cut?.status.message).toHaveLength(100);
    expect(cut?.attributes.text).toHaveLength(100);
    expect(cut?.attributes).toMatchObject({ who: '…' });
    expect(JSON.stringify(cut?.attributes)).not.toContain('geheim');
    expect(cut?.attributes).not.toHaveProperty('object');
    expect(cut?.attributes).not.toHaveProperty('list');
  });

  it('runs once: a second call gets what runs, and is told so when it wanted something else', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { tracing } = start();
    expect(start().tracing).toBe(tracing);
    expect(warn).not.toHaveBeenCalled();
    expect(start({ service: { name: 'other' } }).tracing).toBe(tracing);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('startTracing was called for other, but runs for crm'),
      expect.objectContaining({ code: 'UNITE_TRACING_STARTED_TWICE' }),
    );
  });

  it('starts anew after its end, which is idempotent and takes what was open', async () => {
    const { tracing, exporter } = start({ sampling: { ratio: 0, keepErrors: true } });
    const open = tracing.tracer.startSpan('open');
    context.with(trace.setSpan(context.active(), open), () => {
      tracing.tracer.startSpan('failed').setStatus({ code: SpanStatusCode.ERROR }).end();
    });
    const [first, second] = await Promise.all([tracing.close(), tracing.close()]);
    expect(second).toBe(first);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['failed']);
    expect(trace.getTracer('any').startSpan('after').isRecording()).toBe(false);

    const again = start();
    expect(again.tracing).not.toBe(tracing);
    span('again', () => {});
    await again.tracing[Symbol.asyncDispose]();
    expect(again.exporter.getFinishedSpans()).toHaveLength(1);
  });

  it('takes spans of elsewhere for traces that it kept, and no others', async () => {
    const { tracing, exporter } = start({ sampling: { ratio: 0 } });
    const ids: string[] = [];
    for (const fails of [true, false]) {
      try {
        span('request', (active) => {
          ids.push(active.spanContext().traceId);
          if (fails) throw new Error('down');
        });
      } catch {}
    }
    await tracing.flush();
    const [kept] = exporter.getFinishedSpans();
    const remote = ids.map((traceId) => ({
      ...kept,
      spanContext: () => ({ traceId, spanId: 'a'.repeat(16), traceFlags: 1 }),
    }));
    expect(tracing.accept(remote as never)).toEqual({ accepted: 1, refused: 1 });
  });

  it('sees an exporter that traces itself', async () => {
    const { tracing } = start();
    tracing.tracer
      .startSpan('POST', { kind: 2, attributes: { 'url.full': 'http://c:4318/v1/traces' } })
      .end();
    await tracing.flush();
    expect(tracing.check()).toContainEqual(expect.objectContaining({ code: 'UNITE_TRACING_SELF_TRACED' }));
  });

  it('joins a provider that is there: its spans are its own, and ours are not exported', async () => {
    const { tracing: theirs, exporter: theirsTo } = start();
    // As if the first were another library's, which knows nothing of ours.
    (globalThis as { [key: symbol]: { current: unknown } })[Symbol.for('unite.tracing.running.1')] = {
      current: undefined,
    };
    const { tracing, exporter } = start();
    expect(tracing.owner).toBe('joined');
    span('joined', () => {});
    await Promise.all([theirs.flush(), tracing.flush()]);
    expect(theirsTo.getFinishedSpans()).toHaveLength(1);
    expect(exporter.getFinishedSpans()).toHaveLength(0);
    expect(tracing.check()[0]).toMatchObject({ code: 'UNITE_TRACING_JOINED', status: 'warned' });
    await tracing.close();
    expect(propagation.fields()).toContain('traceparent');
  });

  it('looks at itself soon after the start, unless it has ended', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { tracing } = start({ selfCheck: true });
    await tracing.close();
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    [{ service: {} }, /service: option "name" must be a non-empty string/],
    [{ service, exporter: [] }, /unknown option "exporter"/],
    [{ service, exporters: [{}] }, /"exporters" must be a list of exporters/],
    [
      { service, exporters: [{ export() {} }] },
      /a list of exporters with export\(\) and shutdown\(\), .* but \[0\] is/,
    ],
    [{ service, attributes: { team: { name: 'a' } } }, /"attributes" must be .*, but "team" is an object/],
    [{ service, attributes: 'team=a' }, /"attributes" must be an object, got "team=a"/],
    [{ service, instrument: [{}] }, /"instrument" must be a list of instrumentations/],
    [
      { service, instrument: ['mysql'] },
      /"instrument" must be a list of instrumentations, by name: http, .*, but \[0\] is "mysql"/,
    ],
    [
      { service, limits: { maxTextLength: 0 } },
      /limits: option "maxTextLength" must be a whole number above 0/,
    ],
    [{ service, sampling: { ratio: 2 } }, /"ratio"/],
    [{ service, export: { maxQueuedSpans: -1 } }, /"maxQueuedSpans"/],
    [{ service, propagation: { trustParent: 'yes' } }, /"trustParent"/],
    [undefined, /options must be an object/],
  ])('refuses %j', (options, message) => {
    expect(() => startTracing(options as never)).toThrow(message);
  });
});
