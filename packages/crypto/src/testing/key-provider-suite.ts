import { randomUUID } from 'node:crypto';
import type { KeyBinding } from '../keys/key-types';
import { demand, demandRefusal, demandSame } from './demand';
import { call, keyCheck } from './key-check';
import type { CheckedKeyProvider, KeyCheck } from './testing-types';

/**
 * Everything that a key provider has to do, for a test runner that is to show each by its name.
 *
 * @example
 * test.each(keyProviderSuite)('$name: $summary', ({ run }) => run(() => ({ provider: myProvider(client) })));
 */
export const keyProviderSuite: readonly KeyCheck<CheckedKeyProvider>[] = Object.freeze([
  check('named', 'It has a name and an algorithm.', async ({ provider }) => {
    demand(/^[a-z0-9-]+$/.test(provider.name), 'its name is not of lower case letters, digits and "-"');
    demand(provider.algorithm.length > 0, 'it has no algorithm');
  }),

  check('round-trip', 'What it wrapped it unwraps, for the same tenant and key.', async ({ provider }) => {
    for (const keyId of [0, 1, 4_294_967_295]) {
      const binding = bindingOf(keyId);
      const { key, wrapped } = await provider.generate(binding, call());
      demandSame(key.length, 32, 'the length of a data key');
      demand(wrapped.rootKeyId.length > 0, 'the root key has no name');
      demand(!Buffer.from(wrapped.bytes).includes(Buffer.from(key)), 'the wrapped key shows the key');
      const unwrapped = await provider.unwrap(wrapped, { ...binding }, call());
      demandSame(unwrapped, key, `the data key ${keyId}`);
    }
  }),

  check('random', 'No data key comes two times.', async ({ provider }) => {
    const binding = bindingOf(1);
    const made = await Promise.all(Array.from({ length: 20 }, () => provider.generate(binding, call())));
    const keys = new Set(made.map(({ key }) => Buffer.from(key).toString('hex')));
    demandSame(keys.size, made.length, 'the count of different keys');
    const unwrapped = await Promise.all(made.map(({ wrapped }) => provider.unwrap(wrapped, binding, call())));
    demandSame(
      unwrapped,
      made.map(({ key }) => key),
      'keys that are unwrapped at once',
    );
  }),

  check('odd-tenants', 'Any id of a tenant will do.', async ({ provider }) => {
    for (const tenantId of ['Å/..%2f "\n', '😀', ' ', 'x'.repeat(1_000)]) {
      const binding = { tenantId, keyId: 1 };
      const { key, wrapped } = await provider.generate(binding, call());
      demandSame(await provider.unwrap(wrapped, binding, call()), key, 'the data key');
    }
  }),

  check(
    'bound',
    'A wrapped key cannot stand for that of another tenant, or for another one.',
    async (subject) => {
      const { provider } = subject;
      const binding = bindingOf(1);
      const { wrapped } = await provider.generate(binding, call());
      for (const other of [
        bindingOf(1),
        { ...binding, keyId: 2 },
        { ...binding, tenantId: `${binding.tenantId}1` },
      ]) {
        await demandRefusal(provider.unwrap(wrapped, other, call()), [unwrapFailed], 'another binding');
      }
    },
  ),

  check('altered', 'A wrapped key that was altered is refused.', async ({ provider }) => {
    const binding = bindingOf(1);
    const { wrapped } = await provider.generate(binding, call());
    const { length } = wrapped.bytes;
    for (const at of [0, Math.floor(length / 2), length - 1]) {
      const bytes = wrapped.bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      await demandRefusal(
        provider.unwrap({ ...wrapped, bytes }, binding, call()),
        // Where its bytes name the root key, it may be another one.
        [unwrapFailed, 'UNITE_CRYPTO_KEY_UNKNOWN'],
        `byte ${at} of ${length} altered`,
      );
    }
    for (const bytes of [new Uint8Array(), wrapped.bytes.slice(0, 20), wrapped.bytes.slice(0, -1)]) {
      await demandRefusal(
        provider.unwrap({ ...wrapped, bytes }, binding, call()),
        [unwrapFailed],
        `cut to ${bytes.length} bytes`,
      );
    }
  }),

  check('unknown-root', 'A root key that it does not have is named as such.', async ({ provider }) => {
    const binding = bindingOf(1);
    const { wrapped } = await provider.generate(binding, call());
    const rootKeyId = `${wrapped.rootKeyId}-none`;
    await demandRefusal(
      provider.unwrap({ ...wrapped, rootKeyId }, binding, call()),
      ['UNITE_CRYPTO_KEY_UNKNOWN', unwrapFailed],
      'another root key',
    );
  }),

  check('aborted', 'A call whose time is up ends at once.', async ({ provider }) => {
    const binding = bindingOf(1);
    const { wrapped } = await provider.generate(binding, call());
    const late = { signal: AbortSignal.abort() };
    await demandRefusal(provider.generate(binding, late), [unavailable], 'generate');
    await demandRefusal(provider.unwrap(wrapped, binding, late), [unavailable], 'unwrap');
  }),

  check('current', 'What is under the primary already is not rewrapped.', async ({ provider }) => {
    const binding = bindingOf(1);
    const { wrapped } = await provider.generate(binding, call());
    demand((await provider.rewrap(wrapped, binding, call())) === wrapped, 'it is not the same object');
  }),

  check(
    'rewrap',
    'After a rotation old keys are unwrapped, and rewrapped under the new root key.',
    async (subject) => {
      const { provider, rotate } = subject;
      if (!rotate) return;
      const binding = bindingOf(1);
      const { key, wrapped } = await provider.generate(binding, call());
      await rotate();
      demandSame(await provider.unwrap(wrapped, binding, call()), key, 'the key before it is rewrapped');
      await demandRefusal(provider.rewrap(wrapped, bindingOf(1), call()), [unwrapFailed], 'another binding');
      const rewrapped = await provider.rewrap(wrapped, binding, call());
      demand(rewrapped !== wrapped, 'it is the same object');
      demand(rewrapped.rootKeyId !== wrapped.rootKeyId, 'it is under the same root key');
      demandSame(await provider.unwrap(rewrapped, binding, call()), key, 'the key after it was rewrapped');
      demand((await provider.rewrap(rewrapped, binding, call())) === rewrapped, 'it is rewrapped again');
      const { wrapped: next } = await provider.generate(binding, call());
      demandSame(next.rootKeyId, rewrapped.rootKeyId, 'the root key of a new key');
    },
  ),

  check('root-keys', 'Of the root keys that it names one is the primary.', async ({ provider }) => {
    if (!provider.rootKeys) return;
    const { wrapped } = await provider.generate(bindingOf(1), call());
    const primaries = (await provider.rootKeys(call())).filter(({ state }) => state === 'primary');
    demandSame(
      primaries.map(({ id }) => id),
      [wrapped.rootKeyId],
      'the primary',
    );
  }),
]);

const unwrapFailed = 'UNITE_CRYPTO_UNWRAP_FAILED';
const unavailable = 'UNITE_CRYPTO_KEYS_UNAVAILABLE';

function check(name: string, summary: string, play: (subject: CheckedKeyProvider) => Promise<void>) {
  return keyCheck<CheckedKeyProvider>(name, summary, play);
}

function bindingOf(keyId: number): KeyBinding {
  return { tenantId: `check:${randomUUID()}`, keyId };
}
