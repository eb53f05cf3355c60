import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { runWithContext } from '@unite/core/context';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { CryptoError, createVault, type VaultOptions } from '../../src';
import { memoryKeyring } from '../../src/keys';
import { encodePlace } from '../../src/place/encode-place';
import { controlledKeyring } from '../support/controlled-keyring';

const place = { rowId: 7, tenantId: 'acme' };
const newVault = (options: Partial<VaultOptions> = {}) => createVault({ keys: memoryKeyring(), ...options });

describe('a value', () => {
  test('is read where it was written, and nowhere else', async () => {
    const vault = newVault();
    const email = vault.field('contacts', 'email');
    const phone = vault.field('contacts', 'phone');
    const stored = await email.encrypt('ada@example.com', place);
    await expect(email.decrypt(stored, { ...place, rowId: '7' })).resolves.toBe('ada@example.com');
    await expect(email.decrypt(stored, { ...place, rowId: 8 })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
      message: 'contacts.email: Encrypted for another place, or altered',
    });
    await expect(email.decrypt(stored, { rowId: 7, tenantId: 'globex' })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISMATCH',
      message: 'contacts.email: Not encrypted for tenant "globex"',
    });
    await expect(phone.decrypt(stored, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_COMMITMENT_MISMATCH',
      message: 'contacts.phone: Encrypted under another key, or altered',
    });
    expect(vault.status()).toMatchObject({
      encrypted: 1,
      decrypted: 1,
      failures: {
        UNITE_CRYPTO_AUTHENTICATION_FAILED: 1,
        UNITE_CRYPTO_TENANT_MISMATCH: 1,
        UNITE_CRYPTO_COMMITMENT_MISMATCH: 1,
      },
    });
  });

  test('takes 78 bytes more than it is long', async () => {
    const vault = newVault();
    const blob = vault.field('files', 'content', { type: 'bytes' });
    await expect(blob.encrypt(Buffer.alloc(0), place)).resolves.toHaveLength(78);
    await expect(blob.encrypt(Buffer.alloc(64), place)).resolves.toHaveLength(142);
  });

  test('of any kind comes back as it was', async () => {
    const vault = newVault();
    const text = vault.field('t', 'text');
    const json = vault.field<unknown>('t', 'json', { type: 'json' });
    const bytes = vault.field('t', 'bytes', { type: 'bytes' });
    const row = fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.maxSafeInteger(), fc.bigInt());
    const rowId = fc.oneof(row, fc.array(row, { minLength: 1, maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.json().map((written) => JSON.parse(written)),
        fc.uint8Array(),
        rowId,
        async (one, other, third, id) => {
          const here = { rowId: id, tenantId: 'acme' };
          expect(await text.decrypt(await text.encrypt(one, here), here)).toBe(one);
          expect(await json.decrypt(await json.encrypt(other, here), here)).toEqual(other);
          expect(Uint8Array.from(await bytes.decrypt(await bytes.encrypt(third, here), here))).toEqual(
            Uint8Array.from(third),
          );
        },
      ),
    );
  });

  test('is encrypted otherwise each time', async () => {
    const email = newVault().field('contacts', 'email');
    const all = await Promise.all(Array.from({ length: 100 }, () => email.encrypt('a', place)));
    expect(new Set(all.map((one) => one.slice(8))).size).toBe(100);
  });

  test('has one spelling: no other text opens as the same value', async () => {
    const email = newVault().field('contacts', 'email');
    const stored = await email.encrypt('ab', place);
    const spellings = [
      `${stored} `,
      ` ${stored}`,
      `${stored}=`,
      `${stored}\n`,
      `${stored.slice(0, 20)}*${stored.slice(20)}`,
      stored.replaceAll('-', '+').replaceAll('_', '/').concat('+'),
      Buffer.from(stored, 'base64url').toString('base64'),
    ];
    for (const spelling of spellings) {
      await expect(email.decrypt(spelling, place)).rejects.toBeInstanceOf(CryptoError);
    }
    for (const [at, letter] of [...stored].entries()) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const flipped = String.fromCharCode(letter.charCodeAt(0) ^ bit);
        const other = stored.slice(0, at) + flipped + stored.slice(at + 1);
        await expect(email.decrypt(other, place)).rejects.toBeInstanceOf(CryptoError);
      }
    }
  });
});

describe('bad input', () => {
  test.each<[string, unknown, string]>([
    ['a number', 7, 'the value must be text, got of type number'],
    ['nothing', undefined, 'the value must be text, got undefined'],
    ['null', null, 'the value must be text, got null'],
    ['an object', { secret: 'x' }, 'the value must be text, got of type object'],
    ['a list', ['secret'], 'the value must be text, got a list'],
    ['bytes', Buffer.from('secret'), 'the value must be text, got bytes'],
    ['half a pair', 'secret \ud800', 'the value must be text without half of a surrogate pair, got text'],
    ['what is too long', 'é'.repeat(8), 'the value has 16 bytes; the vault\'s "maxValueBytes" is 15'],
  ])('as a value: %s', async (_, value, message) => {
    const email = newVault({ maxValueBytes: 15 }).field('contacts', 'email');
    await expect(email.encrypt(value as string, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_VALUE_INVALID',
      message: `contacts.email: ${message}`,
    });
  });

  test('as a value of JSON, and of bytes', async () => {
    const vault = newVault();
    const json = vault.field('t', 'json', { type: 'json' });
    const bytes = vault.field('t', 'bytes', { type: 'bytes' });
    const invalid = { code: 'UNITE_CRYPTO_VALUE_INVALID' };
    await expect(json.encrypt(undefined, place)).rejects.toMatchObject(invalid);
    await expect(json.encrypt(() => {}, place)).rejects.toMatchObject(invalid);
    await expect(json.encrypt(7n, place)).rejects.toMatchObject(invalid);
    await expect(bytes.encrypt('text' as never, place)).rejects.toMatchObject(invalid);
    await expect(bytes.decrypt('text' as never, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_FORMAT_INVALID',
      message: 't.bytes: what is stored must be bytes, got text',
    });
  });

  test.each<[string, unknown, string]>([
    ['plaintext', 'ada@example.com', 'UNITE_CRYPTO_FORMAT_INVALID'],
    ['nothing', undefined, 'UNITE_CRYPTO_FORMAT_INVALID'],
    ['null', null, 'UNITE_CRYPTO_FORMAT_INVALID'],
    ['empty text', '', 'UNITE_CRYPTO_FORMAT_INVALID'],
    ['text that is base64url', 'plaintext000', 'UNITE_CRYPTO_VERSION_UNKNOWN'],
    ['a header alone', 'AQEAAAAA', 'UNITE_CRYPTO_FORMAT_INVALID'],
    ['a later version', Buffer.alloc(99, 2).toString('base64url'), 'UNITE_CRYPTO_VERSION_UNKNOWN'],
    [
      'another suite',
      Buffer.from([1, 9, ...Buffer.alloc(99)]).toString('base64url'),
      'UNITE_CRYPTO_VERSION_UNKNOWN',
    ],
  ])('as what is stored: %s', async (_, stored, code) => {
    const email = newVault().field('contacts', 'email');
    await email.encrypt('a', place);
    await expect(email.decrypt(stored as string, place)).rejects.toMatchObject({ code });
  });

  test('a key that the tenant does not have', async () => {
    const keys = memoryKeyring();
    const stored = await newVault({ keys }).field('contacts', 'email').encrypt('a', place);
    const email = newVault().field('contacts', 'email');
    await email.encrypt('a', place);
    await expect(email.decrypt(stored, place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_KEY_UNKNOWN' });
  });

  test('a place that is none', async () => {
    const email = newVault().field('contacts', 'email');
    const invalid = { code: 'UNITE_CRYPTO_PLACE_INVALID' };
    await expect(email.encrypt('a', { rowId: [], tenantId: 'acme' })).rejects.toMatchObject(invalid);
    await expect(email.encrypt('a', { rowId: undefined as never, tenantId: 'acme' })).rejects.toMatchObject(
      invalid,
    );
    await expect(email.encrypt('a', { rowId: 1, tenantId: 7 as never })).rejects.toMatchObject(invalid);
    await expect(email.encrypt('a', { rowId: 1, tenantId: '' })).rejects.toMatchObject(invalid);
  });

  test.each<[string, unknown, string]>([
    ['no place', undefined, 'the place must be an object, such as { rowId: 7 }, got undefined'],
    ['a row id for a place', 7, 'the place must be an object, such as { rowId: 7 }, got 7'],
    ['no row id', { tenantId: 'acme' }, 'The row id is undefined'],
    ['a row id that is an object', { rowId: {}, tenantId: 'acme' }, 'The row id is of type object'],
    ['a row id of parts', { rowId: [1, null], tenantId: 'acme' }, 'A part of the row id is null'],
    ['a row id of none', { rowId: [], tenantId: 'acme' }, 'The row id is an empty list'],
    ['half a pair', { rowId: 1, tenantId: '\ud800' }, 'a tenant must be text of 1 to 255 bytes of UTF-8'],
    ['a long tenant', { rowId: 1, tenantId: 'x'.repeat(256) }, 'a tenant must be text of 1 to 255 bytes'],
    ['a tenant of €', { rowId: 1, tenantId: '€'.repeat(86) }, 'a tenant must be text of 1 to 255 bytes'],
  ])('as a place, before anybody is asked: %s', async (_, given, message) => {
    const { keys, calls } = controlledKeyring();
    const email = newVault({ keys }).field('contacts', 'email');
    for (const attempt of [email.encrypt('a', given as never), email.decrypt('AQEAAAAA', given as never)]) {
      await expect(attempt).rejects.toMatchObject({
        code: 'UNITE_CRYPTO_PLACE_INVALID',
        message: expect.stringContaining(`contacts.email: ${message}`),
      });
    }
    expect(calls).toMatchObject({ read: 0, generate: 0, add: 0 });
  });

  test('none are names as long as they may be', async () => {
    const longest = '€'.repeat(85);
    const field = newVault().field(longest, longest, { search: 'equality' });
    const here = { rowId: longest, tenantId: longest };
    await expect(field.decrypt(await field.encrypt('a', here), here)).resolves.toBe('a');
    await expect(field.index('a', here)).resolves.toEqual(expect.any(String));
    // What Node takes for what a key is derived for.
    expect(encodePlace('unite.crypto.field', Array(3).fill(longest)).length).toBeLessThanOrEqual(1_024);
  });

  test('never tells what a value is made of', async () => {
    const keys = memoryKeyring();
    const vault = newVault({ keys });
    const json = vault.field('t', 'json', { type: 'json' });
    const secret = 'ada@example.com';
    const circle: Record<string, unknown> = {};
    circle[secret] = circle;
    const toJSON = () => {
      throw new Error(secret);
    };
    const searched = vault.field('t', 'searched', {
      search: {
        normalizer: (text) => {
          throw new Error(text);
        },
      },
    });
    const notJson = await vault.field('t', 'changed').encrypt(secret, place);
    const changed = newVault({ keys }).field('t', 'changed', { type: 'json' });
    for (const attempt of [
      json.encrypt(circle, place),
      json.encrypt({ toJSON }, place),
      searched.index(secret, place),
      changed.decrypt(notJson, place),
    ]) {
      const error: unknown = await attempt.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CryptoError);
      expect((error as CryptoError).cause).toBeUndefined();
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('ada@');
    }
  });

  test('neither message nor inspection tells a value, a ciphertext or a key', async () => {
    const email = newVault().field('contacts', 'email');
    const stored = await email.encrypt('ada@example.com', place);
    const errors = await Promise.all([
      email.decrypt(stored, { rowId: 8, tenantId: 'acme' }).catch((error) => error),
      email.decrypt('ada@example.com', place).catch((error) => error),
      email.encrypt({ email: 'ada@example.com' } as never, place).catch((error) => error),
    ]);
    for (const error of errors) {
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/ada@|AQ[E-H]/);
      expect(error.problem).toEqual({ type: 'about:blank', status: 500, title: 'Internal Server Error' });
    }
  });
});

describe('what the caller changes while keys are asked for', () => {
  const here = () => ({ rowId: [1, 'a'] as (string | number)[], tenantId: 'acme' });

  test('is stored as it was when it was given', async () => {
    const keys = memoryKeyring();
    const bytes = newVault({ keys }).field('t', 'bytes', { type: 'bytes' });
    const given = Buffer.from('before');
    const place = here();
    const writing = bytes.encrypt(given, place);
    given.fill('X');
    place.rowId[1] = 'b';
    const stored = await writing;
    await expect(bytes.decrypt(stored, here())).resolves.toEqual(Buffer.from('before'));

    for (const options of [{}, { mayDecrypt: async () => true }]) {
      const cold = newVault({ keys, ...options }).field('t', 'bytes', { type: 'bytes' });
      const copy = Buffer.from(stored);
      const item = { value: copy, rowId: here().rowId };
      const place = { ...here(), rowId: item.rowId };
      const reading = Promise.all([cold.decrypt(copy, place), cold.decryptAll([item], place)]);
      copy.fill('X');
      item.rowId.pop();
      await expect(reading).resolves.toEqual([Buffer.from('before'), [Buffer.from('before')]]);
    }
  });

  test('is searched for, and compared, as it was when it was given', async () => {
    const bytes = newVault().field('t', 'bytes', { type: 'bytes', search: 'equality' });
    const index = await bytes.index(Buffer.from('before'), here());
    const given = Buffer.from('before');
    const searches = [bytes.index(given, here()), bytes.indexes(given, here())];
    given.fill('X');
    await expect(Promise.all(searches)).resolves.toEqual([index, [index]]);

    const stored = await bytes.encrypt(given, here());
    const check = bytes.isCurrent(stored, here());
    stored.fill(0);
    await expect(check).resolves.toBe(true);
  });
});

describe('the tenant', () => {
  test('is that of the call, else of the context, else of the vault', async () => {
    const vault = newVault();
    const email = vault.field('contacts', 'email');
    const stored = await email.encrypt('a', place);
    const inContext = (tenantId: string) =>
      runWithContext({ requestId: 'r', tenantId, state: new Map() }, () =>
        email.decrypt(stored, { rowId: 7 }),
      );
    await expect(inContext('acme')).resolves.toBe('a');
    await expect(inContext('globex')).rejects.toMatchObject({ code: 'UNITE_CRYPTO_TENANT_MISMATCH' });
    await expect(email.decrypt(stored, { rowId: 7 })).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_TENANT_MISSING',
    });

    const own = newVault({ context: () => ({ requestId: 'r', tenantId: 'acme', state: new Map() }) });
    await expect(own.field('a', 'b').encrypt('x', { rowId: 1 })).resolves.toEqual(expect.any(String));
    const single = newVault({ tenantId: 'app' });
    await expect(single.field('a', 'b').encrypt('x', { rowId: 1 })).resolves.toEqual(expect.any(String));
  });

  test('is never another one, however requests are mixed', async () => {
    const vault = newVault();
    const email = vault.field('contacts', 'email');
    const inContext = <Result>(tenantId: string, work: () => Promise<Result>) =>
      runWithContext({ requestId: 'r', tenantId, state: new Map() }, work);
    const tenants = Array.from({ length: 10 }, (_, at) => `tenant-${at}`);
    await Promise.all(
      Array.from({ length: 500 }, async (_, at) => {
        const tenantId = tenants[at % 10] as string;
        const stored = await inContext(tenantId, async () => {
          await new Promise(setImmediate);
          return email.encrypt(tenantId, { rowId: at });
        });
        await expect(inContext(tenantId, () => email.decrypt(stored, { rowId: at }))).resolves.toBe(tenantId);
        const wrong = tenants[(at + 1) % 10] as string;
        await expect(inContext(wrong, () => email.decrypt(stored, { rowId: at }))).rejects.toThrow(
          'Not encrypted',
        );
      }),
    );
  });
});

describe('the blind index', () => {
  test('is the same for the same text of a tenant and a column, and for nothing else', async () => {
    const vault = newVault();
    const email = vault.field('contacts', 'email', { search: { normalizer: (text) => text.toLowerCase() } });
    const other = vault.field('contacts', 'other', { search: 'equality' });
    const index = await email.index('Ada@Example.com', place);
    expect(index).toMatch(/^[\w-]{22}$/);
    await expect(email.index('ada@example.com', { tenantId: 'acme' })).resolves.toBe(index);
    await expect(email.index('bob@example.com', place)).resolves.not.toBe(index);
    await expect(email.index('ada@example.com', { tenantId: 'globex' })).resolves.not.toBe(index);
    await expect(other.index('ada@example.com', place)).resolves.not.toBe(index);
    await expect(email.indexes('ada@example.com', place)).resolves.toEqual([index]);
    // Whoever has no key yet has no row either.
    await expect(email.indexes('ada@example.com', { tenantId: 'nobody' })).resolves.toEqual([]);
  });

  // 200 kB of them took half a minute: the time of a bare NFC grows with its square.
  test('of nothing but combining characters is made at once, and tells their order apart no more than NFC', async () => {
    const name = newVault().field('contacts', 'name', { search: 'equality' });
    const marks = (pair: string) => `a${pair.repeat(50_000)}`;
    const index = await name.index(marks('\u0301\u0327'), place);
    expect(index).not.toBe(await name.index(marks('\u0301\u0328'), place));
    const thirty = `a${'\u0301\u0327'.repeat(15)}`;
    expect(await name.index(thirty, place)).toBe(await name.index(thirty.normalize('NFD'), place));
  });

  test('takes texts that look the same as the same', async () => {
    const name = newVault().field('contacts', 'name', { search: 'equality' });
    await expect(name.index('Zo\u00eb', place)).resolves.toBe(await name.index('Zoe\u0308', place));
  });

  test('has as many bits as wanted, and is there for bytes too', async () => {
    const vault = newVault();
    const short = vault.field('a', 'short', { search: { bits: 16 } });
    await expect(short.index('x', place)).resolves.toHaveLength(3);
    const bytes = vault.field('a', 'bytes', { type: 'bytes', search: 'equality' });
    await expect(bytes.index(Buffer.from('x'), place)).resolves.toHaveLength(22);
  });

  test('is not there where it is not declared', async () => {
    await expect(newVault().field('a', 'b').index('x', place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_SEARCH_UNDECLARED',
    });
  });
});

describe('plaintext', () => {
  test('is read and counted until its day, and refused after it', async () => {
    const clock = manualClock(Date.parse('2027-01-01T00:00:00Z'));
    const vault = newVault({ clock });
    const email = vault.field('contacts', 'email', { plaintext: { until: '2027-01-31' } });
    const json = vault.field('contacts', 'json', {
      type: 'json',
      plaintext: { until: new Date('2027-01-31') },
    });
    const bytes = vault.field('contacts', 'bytes', { type: 'bytes', plaintext: { until: '2027-01-31' } });
    await expect(email.decrypt('ada@example.com', place)).resolves.toBe('ada@example.com');
    await expect(email.decrypt('AQEshort', place)).resolves.toBe('AQEshort');
    await expect(email.isCurrent('ada@example.com', place)).resolves.toBe(false);
    await expect(json.decrypt('{"a":1}', place)).resolves.toEqual({ a: 1 });
    await expect(json.decrypt('no json', place)).resolves.toBe('no json');
    await expect(json.decrypt({ a: 1 } as never, place)).resolves.toEqual({ a: 1 });
    await expect(bytes.decrypt(Buffer.from('x'), place)).resolves.toEqual(Buffer.from('x'));
    expect(vault.status().plaintextReads).toBe(6);

    const stored = await email.encrypt('ada@example.com', place);
    await expect(email.decrypt(stored, place)).resolves.toBe('ada@example.com');
    const altered = stored.slice(0, -1) + (stored.endsWith('A') ? 'Q' : 'A');
    await expect(email.decrypt(altered, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED',
    });

    await clock.advance(31 * 86_400_000 - 1);
    await expect(email.decrypt('ada@example.com', place)).resolves.toBe('ada@example.com');
    await expect(json.decrypt('{}', place)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_PLAINTEXT_REFUSED' });
    await clock.advance(1);
    await expect(email.decrypt('ada@example.com', place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_PLAINTEXT_REFUSED',
      message: 'contacts.email: plaintext was readable until 2027-01-31T23:59:59.999Z',
    });
    await expect(email.decrypt(stored, place)).resolves.toBe('ada@example.com');
  });
});

test('what is no ciphertext is not current, with or without plaintext', async () => {
  const email = newVault().field('contacts', 'email');
  const stored = await email.encrypt('a', place);
  await expect(email.isCurrent(stored, place)).resolves.toBe(true);
  for (const other of ['ada@example.com', 'plaintext000', stored.slice(0, 20), null]) {
    await expect(email.isCurrent(other as string, place)).resolves.toBe(false);
  }
});

describe('mayDecrypt', () => {
  test('is asked before each decryption, and nothing else than true is a yes', async () => {
    const asked: unknown[] = [];
    let answer: unknown = true;
    const vault = newVault({
      mayDecrypt: (attempt) => {
        asked.push(attempt);
        return answer as boolean;
      },
    });
    const email = vault.field('contacts', 'email');
    const stored = await email.encrypt('a', place);
    expect(asked).toEqual([]);
    await expect(email.decrypt(stored, place)).resolves.toBe('a');
    await expect(email.decryptAll([{ value: stored, rowId: 7 }], place)).resolves.toEqual(['a']);
    expect(asked).toEqual(Array(2).fill({ tenantId: 'acme', table: 'contacts', column: 'email', count: 1 }));
    for (answer of [false, undefined, 'yes', Promise.resolve(false)]) {
      const attempt = email.decrypt(stored, place);
      await expect(attempt).rejects.toMatchObject({ code: 'UNITE_CRYPTO_DECRYPT_DENIED', status: 403 });
    }
  });

  test('is told how many, and asked once for all of them', async () => {
    const counts: number[] = [];
    const vault = newVault({
      mayDecrypt: ({ count }) => {
        counts.push(count);
        return count <= 2;
      },
    });
    const email = vault.field('contacts', 'email');
    const items = await Promise.all(
      [1, 2, 3].map(async (rowId) => ({ rowId, value: await email.encrypt('a', { ...place, rowId }) })),
    );
    await expect(email.decryptAll(items.slice(1), place)).resolves.toEqual(['a', 'a']);
    await expect(email.decryptAll(items, place)).rejects.toMatchObject({
      code: 'UNITE_CRYPTO_DECRYPT_DENIED',
    });
    await email.decryptAll([], place);
    expect(counts).toEqual([2, 3, 0]);
    expect(vault.status().decrypted).toBe(2);
  });

  test('that fails is no yes', async () => {
    const vault = newVault({ mayDecrypt: () => Promise.reject(new Error('roles are down')) });
    const email = vault.field('contacts', 'email');
    await expect(email.decrypt(await email.encrypt('a', place), place)).rejects.toThrow('roles are down');
  });
});

describe('many values', () => {
  test('are read with one event, and let others have their turn', async () => {
    const vault = newVault();
    const email = vault.field('contacts', 'email');
    const items = await Promise.all(
      Array.from({ length: 600 }, async (_, rowId) => ({
        rowId,
        value: await email.encrypt(`value ${rowId}`, { rowId, tenantId: 'acme' }),
      })),
    );
    let turns = 0;
    const turn = setImmediate(function again() {
      turns += 1;
      if (turns < 2) setImmediate(again);
    });
    await expect(email.decryptAll(items, { tenantId: 'acme' })).resolves.toEqual(
      items.map(({ rowId }) => `value ${rowId}`),
    );
    clearImmediate(turn);
    expect(turns).toBe(2);
  });
});

test('events tell who read what with which key, and no value', async () => {
  const heard: object[] = [];
  const listen = (message: unknown) => heard.push({ ...(message as object) });
  const channels = ['encrypt', 'decrypt', 'key'].map((name) =>
    channel(`tracing:unite:crypto:${name}:asyncEnd`),
  );
  for (const one of channels) one.subscribe(listen);
  try {
    const vault = newVault({ name: 'crm' });
    const email = vault.field('contacts', 'email');
    const stored = await email.encrypt('ada@example.com', place);
    await email.decryptAll([{ value: stored, rowId: 7 }], place);
    await email.decrypt(stored, { rowId: 8, tenantId: 'acme' }).catch(() => {});
    const common = { vault: 'crm', tenantId: 'acme', table: 'contacts', column: 'email', count: 1 };
    const keyId = (await vault.keys.describe('acme'))?.keys[0]?.keyId;
    expect(heard).toEqual([
      { vault: 'crm', provider: 'memory', operation: 'generate' },
      { ...common, keyId },
      { ...common, keyId },
      { ...common, keyId, error: expect.objectContaining({ code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED' }) },
    ]);
    expect(JSON.stringify(heard)).not.toContain('ada@');
  } finally {
    for (const one of channels) one.unsubscribe(listen);
  }
});
