import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { envKeyring } from '../../src/keys';
import { keyProviderSuite } from '../../src/testing';
import { call } from './support/stored-key';

const binding = { tenantId: 'acme', keyId: 1 };
const [old, now] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64url')];

test.each(keyProviderSuite)('$name: $summary', ({ run }) =>
  run(() => ({ provider: envKeyring({ UNITE_KEYS: `2026-11:${now}` }) })),
);

test('the first key wraps, the others unwrap', async () => {
  const before = envKeyring({ CRM_KEYS: `2026-05:${old}` }, { variable: 'CRM_KEYS' });
  const { key, wrapped } = await before.generate(binding, call());
  const keyring = envKeyring({ UNITE_KEYS: ` 2026-11:${now} , 2026-05:${old}\n` });
  expect(keyring.store).toBeUndefined();
  expect(await keyring.unwrap(wrapped, binding, call())).toEqual(key);
  expect((await keyring.rewrap(wrapped, binding, call())).rootKeyId).toBe('2026-11');
  expect(await keyring.rootKeys?.(call())).toEqual([
    { id: '2026-11', state: 'primary', createdAtMs: undefined },
    { id: '2026-05', state: 'previous', createdAtMs: undefined },
  ]);
});

test.each([
  [undefined, 'is not set'],
  ['', 'is not set'],
  [now, 'has an entry 1 that begins with no name'],
  [`${now}:2026-11`, 'has an entry 1 that begins with no name'],
  [`2026-11:${now},`, 'has an entry 2 that begins with no name'],
  [`2026-11:${now},2026-05=${old}`, 'has an entry 2 that begins with no name'],
  [`2026-11:${now},2026-05:${old.slice(1)}`, 'has an entry 2 that is not a name, ":" and 32 bytes'],
  [`2026-11:${now}:${old}`, 'has an entry 1 that is not a name'],
  [`2026-11:${now},2026-11:${old}`, 'has an entry 2 that has the name of one before it'],
  [`2026-11:${now},2026-05:${'A'.repeat(43)}=`, 'has an entry 2 that must not be zeros'],
  [
    `2026-11:${now},2026-05:${old},2026-06:${Buffer.from(now, 'base64').toString('base64')}`,
    'has an entry 3 that must not be a key that is there under another name',
  ],
])(
  'a variable that is none is told when a key is needed, and nothing of it is shown (%#)',
  async (text, what) => {
    const keyring = envKeyring({ UNITE_KEYS: text });
    const fault = await keyring.generate(binding, call()).catch((error: Error) => error);
    expect(fault).toMatchObject({ code: 'UNITE_CRYPTO_KEYRING_INVALID' });
    expect((fault as Error).message).toContain(`UNITE_KEYS ${what}`);
    for (const secret of [old.slice(1, 12), now.slice(1, 12)]) expect(inspect(fault)).not.toContain(secret);
  },
);

test.each([
  [[`2026-11:${now}`], /^envKeyring: env must be an object such as process.env, got text$/],
  [[undefined], /got undefined$/],
  [[{}, { variable: '' }], /option "variable"/],
])('refuses arguments that are none (%#)', (given, message) => {
  expect(() => envKeyring(...(given as unknown as [NodeJS.ProcessEnv]))).toThrow(message);
});
