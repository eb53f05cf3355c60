import { setFlagsFromString } from 'node:v8';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createContext, currentContext, deriveContext, runWithContext } from '../../src/context';
import { RequestContext } from '../../src/request/request-context';
import type { UniteContext } from '../../src/types';

const slot = Symbol.for('unite.context.1');
const slots = globalThis as { [key: symbol]: unknown };

afterEach(() => {
  jest.restoreAllMocks();
  delete slots[slot];
});

describe('the current context', () => {
  test('is undefined outside of a request, and reading it creates nothing', () => {
    expect(currentContext()).toBeUndefined();
    expect(slots[slot]).toBeUndefined();
  });

  test('holds across awaits and timers, and ends with the work', async () => {
    const context = createContext({ tenantId: 'acme' });
    const seen = await runWithContext(context, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return currentContext();
    });
    expect(seen).toBe(context);
    expect(currentContext()).toBeUndefined();
  });

  test('keeps 1,000 concurrent requests apart', async () => {
    const contexts = Array.from({ length: 1_000 }, (_, index) => createContext({ requestId: `${index}` }));
    const seen = await Promise.all(
      contexts.map((context, index) =>
        runWithContext(context, async () => {
          for (let turn = 0; turn < index % 5; turn++) await new Promise(setImmediate);
          return currentContext();
        }),
      ),
    );
    expect(seen).toEqual(contexts);
  });

  test('is shared between copies of the module', () => {
    const context = createContext();
    runWithContext(context, () =>
      jest.isolateModules(() => {
        const copy = require('../../src/context') as typeof import('../../src/context');
        expect(copy.currentContext).not.toBe(currentContext);
        expect(copy.currentContext()).toBe(context);
      }),
    );
  });

  test('uses the global AsyncLocalStorage where there is no process, as on edge runtimes', () => {
    const { AsyncLocalStorage } = require('node:async_hooks');
    slots['AsyncLocalStorage' as never] = AsyncLocalStorage as never;
    jest.replaceProperty(globalThis, 'process', undefined as unknown as NodeJS.Process);
    const context = createContext();
    expect(runWithContext(context, currentContext)).toBe(context);
    delete slots['AsyncLocalStorage' as never];
  });

  test('says so where a platform has neither', () => {
    jest.replaceProperty(globalThis, 'process', undefined as unknown as NodeJS.Process);
    expect(currentContext()).toBeUndefined();
    expect(() => runWithContext(createContext(), currentContext)).toThrow(
      'runWithContext: this platform has no AsyncLocalStorage',
    );
  });
});

test.each([
  [undefined, 'context must be what createContext returns, got undefined'],
  [{ tenantId: 'acme' }, 'context must be what createContext returns, got an object'],
])('runWithContext refuses %p as a context', (context, message) => {
  expect(() => runWithContext(context as never, currentContext)).toThrow(`runWithContext: ${message}`);
});

test('runWithContext refuses work that has begun already', () => {
  expect(() => runWithContext(createContext(), Promise.resolve() as never)).toThrow(
    'runWithContext: work must be a function, got a promise',
  );
});

describe('deriveContext', () => {
  test('adds to the request and shares its state', () => {
    const base = createContext({ tenantId: 'acme', userId: 'u1' });
    const derived = deriveContext(base, { traceId: 'a'.repeat(32), userId: 'u2' });
    expect(derived).toMatchObject({ requestId: base.requestId, tenantId: 'acme', userId: 'u2' });
    expect(derived.traceId).toBe('a'.repeat(32));
    expect(derived.state).toBe(base.state);
    expect(base.traceId).toBeUndefined();
  });

  test('sees what the base learns later', () => {
    let route: string | undefined;
    const base = {
      ...createContext(),
      get route() {
        return route;
      },
    };
    const derived = deriveContext(base, { traceId: 'b'.repeat(32) });
    route = 'GET /late';
    expect(base.route).toBe('GET /late');
    expect(derived.route).toBe('GET /late');
    expect(deriveContext(derived, { route: 'GET /own' }).route).toBe('GET /own');
  });

  const kinds = {
    'a plain one': (fields: UniteContext) => fields,
    'that of a request of Express': (fields: UniteContext): UniteContext => new RequestContext(fields, {}),
  };

  test.each(Object.entries(kinds))(
    'makes no signal, and takes `undefined` for an answer: %s',
    (_, contextOf) => {
      const { signal } = new AbortController();
      let made = 0;
      const base = contextOf({
        ...createContext({ deadlineAtMs: 5 }),
        get signal() {
          made += 1;
          return signal;
        },
      });
      const derived = deriveContext(deriveContext(base, { traceId: 'c'.repeat(32) }), { userId: 'u1' });
      expect(made).toBe(0);
      expect(derived.signal).toBe(signal);
      const without = deriveContext(derived, { signal: undefined, deadlineAtMs: undefined });
      expect(without).toMatchObject({ signal: undefined, deadlineAtMs: undefined, userId: 'u1' });
      expect(without.state).toBe(base.state);
    },
  );

  test.each(Object.entries(kinds))('keeps fields that another version knows: %s', (_, contextOf) => {
    const base = contextOf(Object.assign(createContext(), { region: 'eu-1' }));
    const derived = deriveContext(deriveContext(base, {}), { plan: 'pro' });
    expect(derived).toMatchObject({ region: 'eu-1', plan: 'pro' });
  });

  test('gives the records of all requests of Express one shape, so that the engine reads them fast', () => {
    setFlagsFromString('--allow-natives-syntax');
    const haveOneShape = new Function('one', 'other', 'return %HaveSameMap(one, other)');
    const [one, other] = ['a', 'b'].map((tenantId) => {
      const fields = { ...createContext({ tenantId }), route: `GET /${tenantId}` };
      const base = new RequestContext(fields, {});
      return deriveContext(deriveContext(base, { traceId: tenantId }), { signal: undefined });
    });
    expect(one).toMatchObject({ tenantId: 'a', traceId: 'a', route: 'GET /a', signal: undefined });
    expect(haveOneShape(one, other)).toBe(true);
  });
});
