import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CryptoError } from '../../../src/errors';
import { parseKeyring } from '../../../src/keys/file/parse-keyring';

const secret = randomBytes(32).toString('base64');
const other = randomBytes(32).toString('base64');

/** A keyring whose lines are known. */
const good = [
  '{',
  '  "version": 1,',
  '  "primary": "2026-11",',
  '  "keys": {',
  '    "2026-05": { "createdAt": "2026-05-01T00:00:00Z", "state": "destroyed" },',
  `    "2026-11": { "key": "${secret}",`,
  '      "createdAt": "2026-11-01T00:00:00Z",',
  '      "state": "active" }',
  '  }',
  '}',
].join('\n');

function faultOf(text: string): CryptoError {
  try {
    parseKeyring('/etc/crm/keys.json', text);
  } catch (error) {
    return error as CryptoError;
  }
  throw new Error('it was read');
}

test('reads a keyring', () => {
  const { primary, keys } = parseKeyring('keys.json', good);
  expect(primary).toBe('2026-11');
  expect([...keys]).toEqual([
    ['2026-05', { state: 'destroyed', createdAtMs: Date.UTC(2026, 4) }],
    ['2026-11', { state: 'active', createdAtMs: Date.UTC(2026, 10), key: Buffer.from(secret, 'base64') }],
  ]);
});

test.each([
  ['"version": 1', '"version": 2', 2, 'field "version" must be 1'],
  ['"primary": "2026-11"', '"primary": "2026-05"', 3, 'field "primary" must be the name of an active key'],
  ['"primary": "2026-11"', '"primary": 5', 3, 'field "primary" must be the name of an active key'],
  ['"primary": "2026-11",', '', 1, 'the keyring has no field "primary"'],
  [
    '"state": "active"',
    '"state": "resting"',
    8,
    'field "keys.2026-11.state" must be one of active, disabled',
  ],
  ['2026-11-01T00:00:00Z', 'yesterday', 7, 'field "keys.2026-11.createdAt" must be an instant such as'],
  ['2026-11-01T00:00:00Z', '2026-13-01T00:00:00Z', 7, 'field "keys.2026-11.createdAt" must be an instant'],
  [secret, secret.slice(4), 6, 'field "keys.2026-11.key" must be 32 bytes in base64'],
  [`"${secret}"`, 'null', 6, 'field "keys.2026-11.key" must be 32 bytes in base64'],
  [`"key": "${secret}",`, '', 6, 'field "keys.2026-11.key" must be 32 bytes in base64'],
  ['"state": "destroyed"', `"state": "destroyed", "key": "${other}"`, 5, '"keys.2026-05.key" must be absent'],
  ['"2026-11": {', `"${other}": {`, 6, 'field "keys" must have names of at most 40 letters'],
  [
    '"key":',
    `"${other}":`,
    6,
    'field "keys.2026-11" has a field that is none; known are state, createdAt, key',
  ],
  ['"keys": {', `"${other}": 1, "keys": {`, 4, 'the keyring has a field that is none; known are version'],
  [secret, `${'A'.repeat(43)}=`, 6, 'field "keys.2026-11.key" must not be zeros'],
  [
    '"2026-05": { "createdAt": "2026-05-01T00:00:00Z", "state": "destroyed" }',
    `"2026-05": { "createdAt": "2026-05-01T00:00:00Z", "state": "disabled", "key": "${secret}" }`,
    6,
    'field "keys.2026-11.key" must not be a key that is there under another name',
  ],
  ['"2026-11": {', '"2026-05": {', 6, 'a name is there twice'],
  ['"version": 1,', '"version": 1', 3, 'expected "," or "}"'],
  ['"version": 1,', '"version" 1,', 2, 'expected ":"'],
  ['"version": 1,', 'version: 1,', 2, 'expected a name in double quotes'],
  ['"version": 1', '"version": one', 2, 'expected an object, text in double quotes, a number'],
  ['"version": 1', '"version": [1]', 2, 'expected an object, text in double quotes, a number'],
  [`"${secret}"`, `"${secret}`, 6, 'expected'],
  [`"${secret}"`, `${secret}`, 6, 'expected an object, text in double quotes'],
  ['  }\n}', '  }\n', 9, 'the text ends where "," or "}" is expected'],
  ['  }\n}', `  }\n}\n\n"${other}"`, 12, 'expected the end'],
  [good, '', 1, 'the text ends where a value is expected'],
  [good, '7', 1, 'the keyring must be an object'],
  [good, '{"version":1,"primary":"a","keys":7}', 1, 'field "keys" must be an object'],
  [good, '{"version":1,"primary":"a","keys":{"a":7}}', 1, 'field "keys.a" must be an object'],
  [good, '{"a":'.repeat(100_000), 1, 'objects are nested too deeply'],
  [good, `\n\n{"version"`, 3, 'the text ends where ":" is expected'],
])('with %j as %j it names the line and the field', (part, replacement, line, what) => {
  const fault = faultOf(good.replace(part, () => replacement));
  expect(fault.code).toBe('UNITE_CRYPTO_KEYRING_INVALID');
  expect(fault.message).toContain(`/etc/crm/keys.json, line ${line}: `);
  expect(fault.message).toContain(what);
  for (const text of [secret, other, secret.slice(4, 20)]) expect(inspect(fault)).not.toContain(text);
});

test('whatever is broken, nothing of a key is shown', () => {
  fc.assert(
    fc.property(
      fc.nat(good.length),
      fc.nat(60),
      fc.string({ maxLength: 5 }),
      (start, length, replacement) => {
        const text = good.slice(0, start) + replacement + good.slice(start + length);
        try {
          parseKeyring('keys.json', text);
        } catch (error) {
          expect(CryptoError.isInstance(error)).toBe(true);
          const shown = inspect(error);
          for (const at of [0, 8, 16, 24, 32]) expect(shown).not.toContain(secret.slice(at, at + 8));
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('every keyring that JSON.parse reads is read the same', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.constantFrom('\n', '\r\n', '\t', ' '), (indent, space) => {
      const text = JSON.stringify(JSON.parse(good), null, indent).replaceAll('\n', space);
      expect(parseKeyring('keys.json', text)).toEqual(parseKeyring('keys.json', good));
    }),
  );
});
