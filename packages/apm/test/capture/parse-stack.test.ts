import { describe, expect, it } from '@jest/globals';
import { cpuMs } from '@unite/shared/testing';
import { parseStack } from '../../src/capture/parse-stack';

/** The only frame of a line. */
function frameOf(line: string) {
  const [frame] = parseStack(`Error: x\n    ${line}`, 'x');
  return frame && [frame.function, frame.file, frame.line, frame.column, frame.isInApp];
}

describe('a line of V8', () => {
  it.each<[string, unknown[]]>([
    ['at load (/app/store.js:12:7)', ['load', '/app/store.js', 12, 7, true]],
    ['at /app/store.js:12:7', [undefined, '/app/store.js', 12, 7, true]],
    ['at async load (file:///app/my%20store.js:12:7)', ['load', '/app/my store.js', 12, 7, true]],
    ['at async file:///app/store.js:12:7', [undefined, '/app/store.js', 12, 7, true]],
    ['at file://%zz:1:2', [undefined, 'file://%zz', 1, 2, true]],
    ['at new Store (/app/store.js:1:2)', ['new Store', '/app/store.js', 1, 2, true]],
    ['at Store.load [as read] (/app/store.js:1:2)', ['Store.load', '/app/store.js', 1, 2, true]],
    ['at /home/my app (old)/store.js:1:2', [undefined, '/home/my app (old)/store.js', 1, 2, true]],
    ['at load (/home/my app (old)/store.js:1:2)', ['load', '/home/my app (old)/store.js', 1, 2, true]],
    ['at load (C:\\app\\store.js:1:2)', ['load', 'C:\\app\\store.js', 1, 2, true]],
    [
      'at load (C:\\app\\node_modules\\pg\\index.js:1:2)',
      ['load', 'C:\\app\\node_modules\\pg\\index.js', 1, 2, false],
    ],
    [
      'at query (/app/node_modules/pg/lib/client.js:1:2)',
      ['query', '/app/node_modules/pg/lib/client.js', 1, 2, false],
    ],
    [
      'at next (/app/.next/server/chunks/node_modules_next_1._.js:1:2)',
      expect.arrayContaining([false]) as never,
    ],
    [
      'at listOnTimeout (node:internal/timers:581:17)',
      ['listOnTimeout', 'node:internal/timers', 581, 17, false],
    ],
    ['at Array.map (<anonymous>)', ['Array.map', '<anonymous>', 0, 0, false]],
    ['at async Promise.all (index 0)', ['Promise.all', 'index 0', 0, 0, false]],
    ['at JSON.parse (native)', ['JSON.parse', 'native', 0, 0, false]],
    ['at eval (eval at run (/app/rules.js:3:4), <anonymous>:1:1)', ['eval', '/app/rules.js', 3, 4, true]],
    [
      'at eval (eval at a (eval at b (/app/rules.js:3:4), <anonymous>:1:1), <anonymous>:2:2)',
      ['eval', '/app/rules.js', 3, 4, true],
    ],
    ['at eval (eval at nowhere, <anonymous>:1:1)', ['eval', 'eval at nowhere, <anonymous>', 1, 1, true]],
    [
      'at Page (webpack-internal:///(rsc)/./app/page.tsx:12:11)',
      ['Page', 'webpack-internal:///(rsc)/./app/page.tsx', 12, 11, true],
    ],
    [
      'at Page (/app/.next/server/chunks/[root-of-the-server]__1a._.js:10:3)',
      ['Page', '/app/.next/server/chunks/[root-of-the-server]__1a._.js', 10, 3, true],
    ],
    [
      'at click (https://crm.example/_next/static/chunks/a.js?dpl=1:1:2)',
      ['click', 'https://crm.example/_next/static/chunks/a.js?dpl=1', 1, 2, true],
    ],
    ['at inject (chrome-extension://abc/a.js:1:2)', ['inject', 'chrome-extension://abc/a.js', 1, 2, false]],
  ])('%s', (line, frame) => {
    expect(frameOf(line)).toEqual(frame);
  });
});

describe('a line of Firefox and Safari', () => {
  it.each<[string, unknown[] | undefined]>([
    ['load@https://crm.example/a.js:1:2', ['load', 'https://crm.example/a.js', 1, 2, true]],
    ['@https://crm.example/@scope/a.js:1:2', [undefined, 'https://crm.example/@scope/a.js', 1, 2, true]],
    ['async*load@https://crm.example/a.js:1:2', ['load', 'https://crm.example/a.js', 1, 2, true]],
    ['global code@https://crm.example/a.js:1', ['global code', 'https://crm.example/a.js', 1, 0, true]],
    ['run@https://crm.example/a.js line 3 > eval:1:2', ['run', 'https://crm.example/a.js', 3, 0, true]],
    ['map@[native code]', ['map', '[native code]', 0, 0, false]],
    ['load@:1:2', undefined],
    ['mail to ada@example.com failed', undefined],
    ['no place at all', undefined],
  ])('%s', (line, frame) => {
    const [parsed] = parseStack(line);
    expect(parsed && [parsed.function, parsed.file, parsed.line, parsed.column, parsed.isInApp]).toEqual(
      frame,
    );
  });
});

describe('a stack', () => {
  it('has the innermost call first, and takes no message for a call', () => {
    const message = 'it says\n    at fake (/app/fake.js:1:1)';
    const stack = `Error: ${message}\n    at inner (/app/a.js:1:1)\n    at outer (/app/b.js:2:2)`;
    expect(parseStack(stack, message).map((frame) => frame.function)).toEqual(['inner', 'outer']);
  });

  it('is read where its message was changed, or is missing', () => {
    const frames = 'at inner (/app/a.js:1:1)\n    at outer (/app/b.js:2:2)';
    expect(parseStack(frames)).toHaveLength(2);
    expect(parseStack(`Error: before\n    ${frames}`, 'after')).toHaveLength(2);
    expect(parseStack(`Error: ${'x'.repeat(100_000)}\n    ${frames}`, 'after')).toHaveLength(2);
  });

  it.each([
    ['one line', 'a'.repeat(2_000_000)],
    ['parentheses', `    at ${'('.repeat(500_000)}\n`.repeat(4)],
    ['evals', `    at ${'eval at (eval at '.repeat(60)}\n`.repeat(2_000)],
    ['digits', `    at x:${'1'.repeat(1_000)}\n`.repeat(2_000)],
    ['signs', '@'.repeat(2_000_000)],
    ['empty lines', '\n'.repeat(2_000_000)],
  ])('takes time in proportion: %s', (_, stack) => {
    expect(cpuMs(() => parseStack(stack, 'x'))).toBeLessThan(5_000);
  });
});
