import { afterEach, expect, test } from '@jest/globals';
import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ContextStorage, entersContext } from '../../src/instrumentation/context-storage';

afterEach(() => context.disable());

const key = createContextKey('test');
const storage = new ContextStorage();
const inside = ROOT_CONTEXT.setValue(key, 'inside');

test('runs in the context of the manager that is registered at that moment', () => {
  const read = (...args: unknown[]) => [context.active().getValue(key), ...args];
  expect(storage.run(inside, read, 1, 2)).toEqual([undefined, 1, 2]);
  expect(entersContext()).toBe(false);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  expect(storage.run(inside, read, 1, 2)).toEqual(['inside', 1, 2]);
  expect(read()).toEqual([undefined]);
  expect(entersContext()).toBe(true);
});

test('is entered as a scope where Node and the manager have them, else does nothing', () => {
  storage.withScope(inside)[Symbol.dispose]();
  const manager = new AsyncLocalStorageContextManager();
  context.setGlobalContextManager(manager);
  const entered: unknown[] = [];
  const { _asyncLocalStorage: own } = manager as unknown as { _asyncLocalStorage: { withScope?: unknown } };
  own.withScope = (given: unknown) => {
    entered.push(given);
    return { [Symbol.dispose]: () => entered.push('left') };
  };
  storage.withScope(inside)[Symbol.dispose]();
  expect(entered).toEqual([inside, 'left']);

  own.withScope = undefined;
  storage.withScope(inside)[Symbol.dispose]();
  expect(entered).toHaveLength(2);
});
