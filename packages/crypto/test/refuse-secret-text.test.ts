import { expect, test } from '@jest/globals';
import { createVault } from '../src/create-vault';
import { createCsrf } from '../src/csrf/create-csrf';
import { memoryKeyring } from '../src/keys/memory-keyring';
import { createCookieSessions } from '../src/oauth/create-cookie-sessions';
import { createPasswords } from '../src/password/create-passwords';
import { createSecrets } from '../src/secrets/create-secrets';

const secret = 's3cret-of-at-least-32-characters-in-it' as never;

test.each<[string, () => unknown, string]>([
  ['the options of a vault', () => createVault(secret), 'createVault: options must be an object, got text'],
  ['keys', () => createVault({ keys: secret }), 'createVault: option "keys" must be a key provider'],
  [
    'a store',
    () => createVault({ keys: memoryKeyring(), store: secret }),
    'option "store" must be a key store',
  ],
  [
    'the options of a CSRF check',
    () => createCsrf(secret),
    'createCsrf: options must be an object, got text',
  ],
  [
    'secrets of tokens',
    () => createCsrf({ secrets: secret }),
    'createCsrf: option "secrets" must be a non-empty list',
  ],
  [
    'a pepper',
    () => createPasswords({ pepper: secret }),
    'createPasswords: option "pepper" must be an object',
  ],
  ['the options of sessions', () => createCookieSessions(secret), 'options must be an object, got text'],
  [
    'a vault',
    () => createSecrets({ vault: secret, pool: secret }),
    'option "vault" must be a vault, got text',
  ],
])('a secret that was given for %s is named and not shown', (_what, make, message) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(message);
  expect(make).not.toThrow('s3cret');
});
