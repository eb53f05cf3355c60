import { afterEach, expect, jest, test } from '@jest/globals';

const slot = Symbol.for('unite.tracing.esm-hook.1');
afterEach(() => {
  delete (globalThis as { [key: symbol]: unknown })[slot];
});

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}
type Resolve = (specifier: string, context: object, next: (specifier: string) => Resolved) => Resolved;

/** What Node and the hook are to it; that the real ones work together is seen in `patched.test.ts`. */
function load({ hook, throws = false }: { hook?: { supportsSyncHooks: () => boolean }; throws?: boolean }) {
  jest.resetModules();
  const register = jest.fn();
  const registerOnMainThread = jest.fn();
  const asked: string[] = [];
  const createRequire = () =>
    Object.assign(
      (name: string) => {
        asked.push(name);
        return { ...hook, register: registerOnMainThread };
      },
      {
        resolve: (name: string) => {
          if (throws) throw new Error(`no ${name}`);
          return `/somewhere/${name}`;
        },
      },
    );
  const registerHooks = jest.fn<(hooks: { resolve: Resolve }) => void>();
  const { isBuiltin }: typeof import('node:module') = jest.requireActual('node:module');
  const fake = { register, createRequire, isBuiltin, ...(hook && { registerHooks }) };
  jest.doMock('node:module', () => ({ __esModule: true, default: fake, createRequire }));
  const {
    registerEsmHook,
  }: typeof import('../../src/instrumentation/register-hooks') = require('../../src/instrumentation/register-hooks');
  return { registerEsmHook, register, registerOnMainThread, registerHooks, asked };
}

test('registers the loader that is documented, once for all copies', () => {
  const one = load({});
  one.registerEsmHook();
  one.registerEsmHook();
  const other = load({});
  other.registerEsmHook();
  expect(one.register.mock.calls).toEqual([
    ['@opentelemetry/instrumentation/hook.mjs', expect.stringMatching(/^file:.*register-hooks\.ts$/)],
  ]);
  expect(other.register).not.toHaveBeenCalled();
});

test('registers the synchronous hook where Node can', () => {
  const { registerEsmHook, register, registerOnMainThread, asked } = load({
    hook: { supportsSyncHooks: () => true },
  });
  registerEsmHook();
  expect(registerOnMainThread).toHaveBeenCalledTimes(1);
  expect(asked).toEqual(['import-in-the-middle/register-hooks.mjs']);
  expect(register).not.toHaveBeenCalled();
});

test.each([
  ['says no', { hook: { supportsSyncHooks: () => false } }],
  ['is not to be found', { hook: { supportsSyncHooks: () => true }, throws: true }],
])('registers the loader where the synchronous hook %s', (_, options) => {
  const { registerEsmHook, register, registerOnMainThread } = load(options);
  registerEsmHook();
  expect(registerOnMainThread).not.toHaveBeenCalled();
  expect(register).toHaveBeenCalledTimes(1);
});

test("says of Node's own modules what they are, and of no other", () => {
  const { registerEsmHook, registerHooks } = load({ hook: { supportsSyncHooks: () => true } });
  registerEsmHook();
  const resolve = registerHooks.mock.calls[0]?.[0].resolve;
  const formatOf = (url: string, format?: string | null) =>
    resolve?.(url, {}, () => ({ url, ...(format !== undefined && { format }) })).format;
  expect([formatOf('node:fs'), formatOf('node:fs', 'commonjs'), formatOf('node:fs', 'builtin')]).toEqual(
    Array(3).fill('builtin'),
  );
  expect([formatOf('node:fs?iitm=true', 'module'), formatOf('file:///a.js')]).toEqual(['module', undefined]);
});
