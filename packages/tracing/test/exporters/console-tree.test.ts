import { afterEach, expect, it, jest } from '@jest/globals';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type ConsoleTreeOptions, consoleTree } from '../../src/exporters';
import { processorOf, remoteParent, tracerOf } from '../support/spans';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Small numbers would be taken for the time since the process began. */
const at = (afterMs: number) => 1_700_000_000_000 + afterMs;

function setUp(options: ConsoleTreeOptions = {}) {
  const texts: string[] = [];
  const exporter = consoleTree({ write: (text) => texts.push(text), ...options });
  const results: number[] = [];
  const { start, startIn } = tracerOf(
    processorOf((span) => exporter.export([span], ({ code }) => results.push(code))),
  );
  return {
    exporter,
    texts,
    results,
    startIn,
    start: (name: string, parent?: Span, afterMs = 0) => start(name, parent, { startTime: at(afterMs) }),
  };
}

it('writes a tree when its local root has ended', () => {
  const { start, texts, results } = setUp();
  const root = start('GET /api/contacts/[id]');
  const cache = start('cache get', root, 1);
  const query = start('SELECT contacts', cache, 2);
  const last = start('render', root, 100);
  query.setStatus({ code: SpanStatusCode.ERROR, message: 'relation\n\u001b[31mgone' });
  query.end(at(4.25));
  last.setStatus({ code: SpanStatusCode.ERROR });
  last.end(at(101));
  cache.end(at(50));
  expect(texts).toEqual([]);
  root.end(at(123.4));
  expect(texts).toEqual([
    `GET /api/contacts/[id] 123 ms · ${root.spanContext().traceId}
├─ cache get 49 ms
│  └─ SELECT contacts 2.3 ms ERROR relation [31mgone
└─ render 1.0 ms ERROR
`,
  ]);
  expect(results).toEqual([0, 0, 0, 0]);
});

it('writes late spans with the trace id, with what is below them', () => {
  const { start, texts } = setUp();
  const root = start('root');
  const { traceId } = root.spanContext();
  const late = start('late', root);
  const below = start('below', late);
  root.end(at(1));
  below.end(at(2));
  expect(texts).toHaveLength(1);
  late.end(at(3));
  start('later', below).end(at(1));
  expect(texts.slice(1)).toEqual([
    `late 3.0 ms · ${traceId} (late)\n└─ below 2.0 ms\n`,
    `later 1.0 ms · ${traceId} (late)\n`,
  ]);
});

it('writes each local root of a trace', () => {
  const { startIn, start, texts } = setUp();
  const { traceId } = start('other').spanContext();
  const outer = startIn('outer', remoteParent(traceId));
  const inner = startIn('inner', remoteParent(traceId));
  const child = start('child of outer', outer);
  inner.end();
  child.end(at(1));
  outer.end();
  expect(texts.map((text) => text.replace(/ [\d.]+ ms/g, ''))).toEqual([
    `inner · ${traceId}\n`,
    `outer · ${traceId}\n└─ child of outer\n`,
  ]);
});

it('leaves out what was quick, where that is asked for', () => {
  const { start, texts } = setUp({ minDurationMs: 10 });
  start('quick').end(at(9));
  start('slow').end(at(10));
  expect(texts).toEqual([expect.stringContaining('slow 10 ms')]);
});

it('writes what never found its root at the end', async () => {
  const { start, exporter, texts } = setUp();
  const root = start('root');
  start('child', root).end(at(1));
  await exporter.forceFlush?.();
  expect(texts).toEqual([]);
  await exporter.shutdown();
  await exporter.shutdown();
  expect(texts).toEqual([`child 1.0 ms · ${root.spanContext().traceId} (unfinished)\n`]);
});

it('holds a bounded number of spans, and remembers a bounded number of traces', () => {
  const { texts, exporter } = setUp();
  const ended: ReadableSpan[] = [];
  const { start } = tracerOf(processorOf((span) => ended.push(span)));
  const root = start('root');
  for (const place of Array(10_001).keys()) start(`child ${place}`, root).end();
  exporter.export(ended.slice(0, 10_000), () => {});
  expect(texts).toEqual([]);
  exporter.export(ended.slice(10_000), () => {});
  expect(texts).toHaveLength(10_001);

  const first = start('first');
  const lateTooLate = start('late', first);
  first.end();
  exporter.export(ended.slice(-1), () => {});
  for (const _ of Array(1_000).keys()) {
    start('other').end();
    exporter.export(ended.slice(-1), () => {});
  }
  texts.length = 0;
  lateTooLate.end();
  exporter.export(ended.slice(-1), () => {});
  expect(texts).toEqual([]);
});

it('goes to standard output', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exporter = consoleTree();
  const { start } = tracerOf(processorOf((span) => exporter.export([span], () => {})));
  start('root').end();
  expect(write).toHaveBeenCalledWith(expect.stringMatching(/^root \d/));
});

it.each([
  [{ write: 'stdout' }, 'consoleTree: option "write" must be a function, got "stdout"'],
  [{ minDurationMs: -1 }, 'option "minDurationMs" must be a number of at least 0, got -1'],
  [{ color: true }, 'unknown option "color"'],
])('%j is refused', (options, message) => {
  expect(() => consoleTree(options as ConsoleTreeOptions)).toThrow(message);
});
