import { AssertionError } from 'node:assert';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { createTestTracing, expectTree, formatTree, type TestTracing } from '../../src/testing';

let tracing: TestTracing;
beforeEach(() => {
  tracing = createTestTracing();
});
afterEach(() => tracing.close());

/** Makes spans by a drawing in names: `['a', ['b'], ['c', ['d']]]`. */
type Drawing = readonly [name: string, ...children: (readonly [string, ...unknown[]])[]];

function make([name, ...children]: Drawing): void {
  tracing.tracer.startActiveSpan(name, (span) => {
    for (const child of children) make(child as Drawing);
    span.end();
  });
}

test('draws spans by their parents and starts', () => {
  make(['GET /contacts', ['cache get', ['SELECT']], ['quota']]);
  make(['other']);
  expect(formatTree(tracing.spans())).toBe('GET /contacts\n  cache get\n    SELECT\n  quota\nother');
  expect(formatTree([])).toBe('');
});

test('draws a span whose parent is elsewhere at the left', () => {
  make(['a', ['b', ['c']]]);
  expect(formatTree(tracing.spans().filter(({ name }) => name !== 'a'))).toBe('b\n  c');
});

test('takes siblings in any order, and any margin', () => {
  make(['a', ['x', ['1']], ['y'], ['x', ['2']]]);
  expectTree(
    tracing.spans(),
    `
      a
        x
          2
        x
          1
        y
    `,
  );
  tracing.reset();
  expectTree(tracing.spans(), '');
});

test('shows what is missing and what is too much', () => {
  make(['GET /contacts', ['cache get'], ['SELECT'], ['zip']]);
  let error: unknown;
  try {
    expectTree(tracing.spans(), 'GET /contacts\n  cache get\n    SELECT\n  zip');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AssertionError);
  expect(
    (error as AssertionError).message,
  ).toBe(`The spans do not form the expected tree (- expected, + actual):

  GET /contacts
-   cache get
-     SELECT
+   SELECT
+   cache get
    zip
`);
  expect((error as AssertionError).actual).toContain('  SELECT');
});

test.each(['', 'a\n  b', 'a\nb', 'b', 'a\n  a'])('tells %j from one span', (drawing) => {
  make(['a']);
  expect(() => expectTree(tracing.spans(), drawing)).toThrow(AssertionError);
});

test('refuses a drawing whose lines are too far in', () => {
  expect(() => expectTree([], 'a\n    b')).toThrow('expectTree: a line is too far in: "    b"');
  expect(() => expectTree([], 'a\n b')).toThrow(TypeError);
});

test('keeps the active span of the test apart', () => {
  expect(trace.getActiveSpan()).toBeUndefined();
});
