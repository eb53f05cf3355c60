import { describe, expect, test } from '@jest/globals';
import { createVault, type TableColumns, type VaultOptions } from '../src';
import { memoryKeyring } from '../src/keys';

const keys = memoryKeyring();

describe('createVault', () => {
  test.each<[string, object, string]>([
    [
      'no keys',
      {},
      'createVault: option "keys" must be a key provider, such as fileKeyring(path), got undefined',
    ],
    ['keys that are none', { keys: 'secret' }, 'option "keys" must be a key provider'],
    ['a typing mistake', { keys, stroe: 1 }, 'createVault: unknown option "stroe"; known are keys, store'],
    [
      'a store that is none',
      { keys, store: {} },
      'option "store" must be a key store, such as postgresKeyStore(pool)',
    ],
    [
      'no store',
      { keys: { ...keys, name: 'env', store: undefined } },
      'option "store" is missing, and the key provider "env" keeps no data keys itself',
    ],
    ['a tenant of none', { keys, tenantId: '' }, 'option "tenantId" must be text of 1 to 255 bytes of UTF-8'],
    [
      'a tenant of many bytes',
      { keys, tenantId: '€'.repeat(86) },
      'option "tenantId" must be text of 1 to 255 bytes of UTF-8',
    ],
    [
      'a clock that is none',
      { keys, clock: { wallMs: Date.now } },
      'option "clock" must be a clock with "wallMs", "monotonicMs" and "sleep", got an object',
    ],
    ['a name', { keys, name: 'a b' }, 'option "name" must be 1 to 64 letters'],
    ['a time', { keys, timeoutMs: 0 }, 'option "timeoutMs" must be a positive number, got 0'],
    ['a size', { keys, maxValueBytes: 1.5 }, 'option "maxValueBytes" must be a whole number from 1, got 1.5'],
    ['a cache', { keys, keyCache: { ttl: 1 } }, 'createVault: keyCache: unknown option "ttl"'],
    ['a stale time', { keys, keyCache: { staleMs: -1 } }, 'option "staleMs" must be a number from 0, got -1'],
  ])('refuses %s', (_, options, message) => {
    expect(() => createVault(options as VaultOptions)).toThrow(message);
  });
});

describe('a field', () => {
  test.each<[string, unknown[], string]>([
    [
      'a table without a name',
      ['', 'a'],
      'vault.field: table must be a name of 1 to 128 characters and 255 bytes of UTF-8 without ".", got ""',
    ],
    [
      'a column with a dot',
      ['a', 'b.c'],
      'vault.field: column must be a name of 1 to 128 characters and 255 bytes of UTF-8 without ".", got "b.c"',
    ],
    [
      'a type',
      ['a', 'b', { type: 'number' }],
      'vault.field("a", "b"): option "type" must be "text", "json" or "bytes", got "number"',
    ],
    [
      'a search',
      ['a', 'b', { search: 'range' }],
      'option "search" must be "equality" or an object, got "range"',
    ],
    [
      'bits',
      ['a', 'b', { search: { bits: 20 } }],
      'search: option "bits" must be a multiple of 8 from 16 to 256, got 20',
    ],
    [
      'a search in JSON',
      ['a', 'b', { type: 'json', search: 'equality' }],
      'option "search" is for text and bytes',
    ],
    [
      'normalized bytes',
      ['a', 'b', { type: 'bytes', search: { normalizer: String } }],
      'search: option "normalizer" is for text',
    ],
    [
      'a day',
      ['a', 'b', { plaintext: { until: 'soon' } }],
      'plaintext: option "until" must be a day or a time of ISO 8601 that exists, such as "2027-03-31" or "2027-03-31T18:00:00Z", got "soon"',
    ],
    [
      'no day',
      ['a', 'b', { plaintext: {} }],
      'plaintext: option "until" must be a day or a time of ISO 8601 that exists, such as "2027-03-31" or "2027-03-31T18:00:00Z", got undefined',
    ],
    [
      'a name of too many bytes',
      ['€'.repeat(86), 'b'],
      'vault.field: table must be a name of 1 to 128 characters and 255 bytes of UTF-8 without ".", got "€',
    ],
    [
      'a name of too many characters',
      ['a', 'x'.repeat(129)],
      'vault.field: column must be a name of 1 to 128',
    ],
    [
      'options that are none',
      ['a', 'b', 'text'],
      'vault.field("a", "b"): options must be an object, got "text"',
    ],
    [
      'a day that there is not',
      ['a', 'b', { plaintext: { until: '2027-02-31' } }],
      'option "until" must be a day or a time of ISO 8601 that exists',
    ],
    [
      'a number for a day',
      ['a', 'b', { plaintext: { until: 7 } }],
      'plaintext: option "until" must be a day or a time of ISO 8601 that exists, such as "2027-03-31" or "2027-03-31T18:00:00Z", got 7',
    ],
  ])('refuses %s', (_, given, message) => {
    const vault = createVault({ keys });
    expect(() => vault.field(...(given as [string, string]))).toThrow(message);
  });

  test('of JSON is not declared with a search: the compiler says so', () => {
    const vault = createVault({ keys });
    // @ts-expect-error equal values have many spellings
    expect(() => vault.field('a', 'json', { type: 'json', search: 'equality' })).toThrow('"search"');
    // @ts-expect-error nor in a table
    const columns: TableColumns = { json: { type: 'json', index: 'json_index' } };
    expect(() => vault.table('t', { rowId: 'id', columns })).toThrow('"search"');
  });

  test('may be declared twice, as one type', () => {
    const vault = createVault({ keys });
    vault.field('a', 'b');
    vault.field('a', 'b', { search: { bits: 64 } });
    expect(() => vault.field('a', 'b', { type: 'json' })).toThrow(
      'vault.field("a", "b"): option "type" is "json", and the field is declared as "text" already',
    );
    expect(vault.status().fields).toEqual([
      { table: 'a', column: 'b', type: 'text', indexBits: 64, plaintextUntilMs: undefined },
    ]);
  });
});
