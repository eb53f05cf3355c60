import { inspect } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import fc from 'fast-check';
import {
  argon2id,
  createPasswords,
  type NodeArgon2,
  type PasswordAlgorithm,
  type PasswordsOptions,
  scrypt,
} from '../../src/password';

// Of these tests alone: real ones take some hundred milliseconds.
const quick = scrypt({ cost: 1_024, blockSize: 1 });
const quickArgon2 = argon2id(argon2, { memoryKiB: 64, passes: 1 });
const make = (options: PasswordsOptions = {}) => createPasswords({ algorithm: quick, ...options });
const password = 'correct horse battery staple';
const invalid = { code: 'UNITE_CRYPTO_PASSWORD_INVALID' };

describe('createPasswords', () => {
  test('hashes with what OWASP recommends, and verifies', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash(password);
    expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await passwords.verify(hash, password)).toEqual({ ok: true, needsRehash: false });
    expect(await passwords.verify(hash, `${password}.`)).toEqual({ ok: false, needsRehash: false });
    expect(argon2id(argon2).parameters).toEqual({ m: 19_456, t: 2, p: 1 });
  });

  test('each hash has a salt of its own', async () => {
    const passwords = make();
    expect(await passwords.hash(password)).not.toBe(await passwords.hash(password));
  });

  test('any two passwords are told apart, unless Unicode says that they are the same', async () => {
    const passwords = make();
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const hash = await passwords.hash(one);
        expect((await passwords.verify(hash, one)).ok).toBe(true);
        expect((await passwords.verify(hash, other)).ok).toBe(
          one.normalize('NFC') === other.normalize('NFC'),
        );
      }),
      { numRuns: 50 },
    );
    const composed = await passwords.hash('mañana mañana');
    expect((await passwords.verify(composed, 'man\u0303ana man\u0303ana')).ok).toBe(true);
    expect((await passwords.verify(await passwords.hash('m²'), 'm2')).ok).toBe(false);
  });

  test('a long password is not cut', async () => {
    const passwords = make();
    const long = 'x'.repeat(1_023);
    const hash = await passwords.hash(`${long}a`);
    expect((await passwords.verify(hash, `${long}b`)).ok).toBe(false);
    expect(
      (await passwords.verify(await passwords.hash(`${long.slice(1)}\0a`), `${long.slice(1)}\0b`)).ok,
    ).toBe(false);
  });

  test.each([
    ['', 'must not be empty'],
    [undefined, 'must be text'],
    [{ $ne: '' }, 'must be text'],
    [['secret'], 'must be text'],
    ['x'.repeat(1_025), 'must not be longer than 1024 bytes'],
    ['ä'.repeat(513), 'must not be longer than 1024 bytes'],
    ['secret\ud800', 'has a character that is not known'],
    ['secret\uffff', 'has a character that is not known'],
  ])('refuses a password that nobody can have (%#), by hash and verify alike', async (wrong, message) => {
    const passwords = make();
    const hash = await passwords.hash(password);
    for (const refused of [
      passwords.hash(wrong as string),
      passwords.verify(hash, wrong as string),
      passwords.verify(undefined, wrong as string),
    ]) {
      await expect(refused).rejects.toMatchObject({
        ...invalid,
        status: 422,
        message: `The password ${message}`,
      });
      expect(inspect(await refused.catch((error) => error), { depth: 9 })).not.toContain('secret');
    }
  });
});

describe('verify', () => {
  test('reads vectors of RFC 7914 §12, and hashes of argon2', async () => {
    const passwords = make({ previous: [quickArgon2] });
    const vector = Buffer.from(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
      'hex',
    );
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
    const hash = `$scrypt$ln=14,r=8,p=1$${text(Buffer.from('SodiumChloride'))}$${text(vector)}`;
    expect(await passwords.verify(hash, 'pleaseletmein')).toEqual({ ok: true, needsRehash: true });
    const other = await argon2.hash(password, { memoryCost: 128, timeCost: 3, parallelism: 2 });
    expect(await passwords.verify(other, password)).toEqual({ ok: true, needsRehash: true });
    expect((await passwords.verify(other, 'another')).ok).toBe(false);
    const ours = await make({ algorithm: quickArgon2 }).hash(password);
    expect(ours).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(await argon2.verify(ours, password)).toBe(true);
  });

  test.each([
    ['scrypt of today, once argon2id is wanted', quick, quickArgon2, true],
    ['fewer passes', quickArgon2, argon2id(argon2, { memoryKiB: 64, passes: 2 }), true],
    ['less memory', quickArgon2, argon2id(argon2, { memoryKiB: 128, passes: 1 }), true],
    ['a lower cost', quick, scrypt({ cost: 2_048, blockSize: 1 }), true],
    ['a higher cost', scrypt({ cost: 2_048, blockSize: 1 }), quick, false],
    ['the same', quickArgon2, quickArgon2, false],
  ])('asks for a new hash after %s', async (_, before, now, needsRehash) => {
    const hash = await make({ algorithm: before }).hash(password);
    const passwords = make({ algorithm: now });
    expect(await passwords.verify(hash, password)).toEqual({ ok: true, needsRehash });
    expect(await passwords.verify(hash, 'another')).toEqual({ ok: false, needsRehash: false });
  });

  test('asks for a new hash where salt or hash are short', async () => {
    const short = await argon2.hash(password, { memoryCost: 64, timeCost: 1, outputLen: 16 });
    expect(await make({ algorithm: quickArgon2 }).verify(short, password)).toEqual({
      ok: true,
      needsRehash: true,
    });
  });

  test('does the same work for nobody as for somebody', async () => {
    const derive = jest.fn(quick.derive);
    const passwords = make({
      algorithm: { ...quick, derive },
      pepper: { primary: 'a', secrets: { a: 'x'.repeat(32) } },
    });
    const hash = await passwords.hash(password);
    for (const stored of [hash, undefined, null]) {
      derive.mockClear();
      expect((await passwords.verify(stored, password)).ok).toBe(stored === hash);
      expect(derive.mock.calls).toEqual([
        [expect.any(Buffer), expect.any(Buffer), { ln: 10, r: 1, p: 1 }, 32],
      ]);
      expect(derive.mock.calls[0]?.slice(0, 2).map((bytes) => (bytes as Buffer).length)).toEqual([32, 16]);
    }
  });

  describe('no answer comes before a hash of today could be made', () => {
    const now = scrypt({ cost: 4_096, blockSize: 1 });
    const today = [12, 1, 1];
    const made: (readonly number[])[] = [];
    const counted = (algorithm: PasswordAlgorithm): PasswordAlgorithm => ({
      ...algorithm,
      derive: (secret, salt, parameters, bytes) => {
        made.push(Object.values(parameters));
        return algorithm.derive(secret, salt, parameters, bytes);
      },
    });
    const legacy = { matches: (hash: string) => hash.startsWith('$2'), verify: async () => true };
    const passwords = make({ algorithm: counted(now), previous: [counted(quickArgon2)], legacy });

    test.each([
      ['of today', now, [today]],
      ['of a lower cost', quick, [[10, 1, 1], today]],
      ['of another algorithm', quickArgon2, [[64, 1, 1], today]],
      ['of a higher cost', scrypt({ cost: 8_192, blockSize: 1 }), [[13, 1, 1]]],
    ])('for a hash %s', async (_, algorithm, expected) => {
      const hash = await make({ algorithm }).hash(password);
      for (const given of [password, 'another']) {
        made.length = 0;
        expect((await passwords.verify(hash, given)).ok).toBe(given === password);
        expect(made).toEqual(expected);
      }
    });

    test.each([
      ['nobody', undefined],
      ['a hash of another library', '$2b$x'],
      ['what is no hash', 'plaintext'],
      ['an algorithm that is not known', `$argon2i$v=19$m=64,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
      ['a hash that costs too much', `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ])('for %s', async (_, hash) => {
      made.length = 0;
      await passwords.verify(hash, password).catch((error) => expect(error).toMatchObject(invalid));
      expect(made).toEqual([today]);
      expect(passwords.status()).toEqual({ running: 0, queued: 0, refused: 0 });
    });
  });

  test('hashes from before the parameters were lowered are read, and none that cost more', async () => {
    const hash = (ln: number) => `$scrypt$ln=${ln},r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const algorithm = { ...quick, derive: async () => new Uint8Array(32) };
    const passwords = make({ algorithm, previous: [scrypt({ cost: 2 ** 19 }), scrypt({ cost: 2 ** 18 })] });
    expect((await passwords.verify(hash(19), password)).ok).toBe(true);
    await expect(passwords.verify(hash(20), password)).rejects.toThrow('would cost more');
    await expect(make({ algorithm }).verify(hash(18), password)).rejects.toThrow('would cost more');
  });

  test('nobody has any password, whatever the algorithm says', async () => {
    const seen: Uint8Array[] = [];
    const algorithm: PasswordAlgorithm = {
      ...quick,
      derive: async (_password, salt) => {
        seen.push(salt);
        return new Uint8Array(32);
      },
    };
    expect(await make({ algorithm }).verify(undefined, password)).toEqual({ ok: false, needsRehash: false });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['plaintext', 'is not in the PHC string format'],
    ['', 'is not in the PHC string format'],
    ['$2b$10$abcdefghijklmnopqrstuu', 'is not in the PHC string format'],
    [`$scrypt$ln=10,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(600)}`, 'is not in the PHC string format'],
    [`$scrypt$ln=10,r=1,p=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'is not in the PHC string format'],
    [`$scrypt$ln=10,r=1,p=1$${'A'.repeat(22)}`, 'is not in the PHC string format'],
    [`$scrypt$ln=10,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}\n`, 'is not in the PHC string format'],
    [`$argon2i$v=19$m=64,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'is of an algorithm'],
    [`$argon2id$v=16$m=64,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'is of an algorithm'],
    [`$scrypt$ln=10,r=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'has other parameters'],
    [`$scrypt$ln=10,r=1,p=1,x=2$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'has other parameters'],
    [`$scrypt$ln=010,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'has other parameters'],
    [`$scrypt$ln=10,r=1,p=-1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'has other parameters'],
    [`$scrypt$ln=10,r=1,p=1,pepper=zz$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'needs a pepper'],
    [`$scrypt$ln=10,r=1,p=1$${'A'.repeat(22)}$AA`, 'too short or too long'],
    [`$scrypt$ln=10,r=1,p=1$AA$${'A'.repeat(43)}`, 'too short or too long'],
    [`$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'would cost more'],
    [`$scrypt$ln=9999999999,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'would cost more'],
    [`$scrypt$ln=10,r=1,p=1000000$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'would cost more'],
    [`$argon2id$v=19$m=4194304,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'would cost more'],
    [`$argon2id$v=19$m=64,t=4000000000,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'would cost more'],
  ])('a stored hash that is none is an error of the server: %s', async (hash, message) => {
    const derive = jest.fn(quickArgon2.derive);
    const passwords = make({ previous: [{ ...quickArgon2, derive }] });
    const refused = passwords.verify(hash, password);
    await expect(refused).rejects.toMatchObject({
      ...invalid,
      status: 500,
      message: expect.stringContaining(message),
    });
    expect(derive).not.toHaveBeenCalled();
    const error = await refused.catch((caught) => caught);
    expect(inspect(error)).not.toContain('AAAA');
    expect(error.problem).toEqual({ type: 'about:blank', status: 500, title: 'Internal Server Error' });
  });

  test('parameters may stand in any order, as the library argon2 writes them', async () => {
    const passwords = make({ algorithm: quickArgon2 });
    const hash = await passwords.hash(password);
    const other = hash.replace('m=64,t=1,p=1', 'm=64,p=1,t=1');
    expect(await passwords.verify(other, password)).toEqual({ ok: true, needsRehash: false });
  });

  test('a hash that is no text is refused', async () => {
    await expect(make().verify(7 as never, password)).rejects.toMatchObject(invalid);
  });

  test('what costs more than the cap is allowed where the application chose it', async () => {
    const derive = async () => new Uint8Array(32);
    const algorithm = { ...scrypt({ cost: 1_048_576, blockSize: 8 }), derive };
    const hash = await make({ algorithm }).hash(password);
    expect((await make({ algorithm }).verify(hash, password)).ok).toBe(true);
  });

  test('no changed character of a hash is taken', async () => {
    const passwords = make();
    const hash = await passwords.hash(password);
    const start = hash.indexOf('$', 9) + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: hash.length - 2 }),
        fc.constantFrom('A', '0', '/', '$', '='),
        async (at, character) => {
          const changed = hash.slice(0, at) + character + hash.slice(at + 1);
          const verdict = await passwords.verify(changed, password).catch(() => ({ ok: false }));
          // The last character of the salt has bits that mean nothing.
          const isSame = changed === hash || hash.indexOf('$', start) - 1 === at;
          if (!isSame) expect(verdict.ok).toBe(false);
        },
      ),
    );
  });
});

describe('pepper', () => {
  const [a, b] = ['a'.repeat(32), Buffer.alloc(32, 'b')];
  const first = { primary: '2026', secrets: { '2026': a } };
  const second = { primary: '2027', secrets: { '2026': a, '2027': b } };

  test('is named in the hash, needed, and can be changed', async () => {
    const hash = await make({ pepper: first }).hash(password);
    expect(hash).toMatch(/^\$scrypt\$ln=10,r=1,p=1,pepper=2026\$/);
    expect(await make({ pepper: first }).verify(hash, password)).toEqual({ ok: true, needsRehash: false });
    expect(await make({ pepper: second }).verify(hash, password)).toEqual({ ok: true, needsRehash: true });
    await expect(make().verify(hash, password)).rejects.toMatchObject(invalid);
    const without = hash.replace(',pepper=2026', '');
    expect((await make({ pepper: first }).verify(without, password)).ok).toBe(false);
    const swapped = hash.replace('2026', '2027');
    expect((await make({ pepper: second }).verify(swapped, password)).ok).toBe(false);
  });

  test('hashes from before it are read, and replaced', async () => {
    const hash = await make().hash(password);
    expect(await make({ pepper: first }).verify(hash, password)).toEqual({ ok: true, needsRehash: true });
  });
});

describe('legacy hashes', () => {
  const legacy = {
    matches: (hash: string) => hash.startsWith('$2'),
    verify: jest.fn(async (_hash: string, given: string) => given === 'man\u0303ana'),
  };

  test('are verified with the password as it came, and replaced', async () => {
    const passwords = make({ legacy });
    expect(await passwords.verify('$2b$x', 'man\u0303ana')).toEqual({ ok: true, needsRehash: true });
    expect(await passwords.verify('$2b$x', 'mañana')).toEqual({ ok: false, needsRehash: false });
    expect((await passwords.verify(await passwords.hash(password), password)).ok).toBe(true);
  });

  test('only true is true, and what fails is told', async () => {
    const odd = make({ legacy: { ...legacy, verify: async () => 'yes' as never } });
    expect((await odd.verify('$2b$x', password)).ok).toBe(false);
    const broken = make({
      legacy: {
        ...legacy,
        verify: () => {
          throw new Error('no library');
        },
      },
    });
    await expect(broken.verify('$2b$x', password)).rejects.toThrow('no library');
    expect(broken.status().running).toBe(0);
  });
});

describe('argon2id', () => {
  test('by the other library, whose options have other names', async () => {
    const library: NodeArgon2 = {
      hash: async (given, options) => {
        expect(options).toMatchObject({ raw: true, type: 2, version: 19 });
        const { hashLength: outputLen, salt, memoryCost, timeCost, parallelism } = options;
        return argon2.hashRaw(given, { outputLen, salt, memoryCost, timeCost, parallelism });
      },
    };
    const passwords = make({ algorithm: argon2id(library, { memoryKiB: 64, passes: 1 }) });
    expect(await argon2.verify(await passwords.hash(password), password)).toBe(true);
  });

  test('what the library throws is told, and leaves no place taken', async () => {
    const passwords = make({ previous: [quickArgon2] });
    const impossible = `$argon2id$v=19$m=8,t=1,p=64$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    await expect(passwords.verify(impossible, password)).rejects.toThrow();
    expect(passwords.status()).toEqual({ running: 0, queued: 0, refused: 0 });
    const none = `$scrypt$ln=1,r=64,p=33554432$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    await expect(passwords.verify(none, password)).rejects.toMatchObject(invalid);
    const failing = make({ algorithm: scrypt({ cost: 1_024, blockSize: 1 }), previous: [] });
    const refusedByNode = `$scrypt$ln=17,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    await expect(failing.verify(refusedByNode, password)).rejects.toThrow();
  });
});

test.each([
  [() => make({ algorithm: {} as never }), 'createPasswords: option "algorithm" must be an algorithm'],
  [() => make({ previous: [7] as never }), 'option "previous" must be a list of algorithms'],
  [() => make({ legacy: { matches: 1 } as never }), 'option "legacy" must be'],
  [() => make({ legacy: 7 as never }), 'option "legacy" must be'],
  [() => make({ pepper: 'secret' as never }), 'option "pepper" must be'],
  [() => make({ pepper: null as never }), 'option "pepper" must be'],
  [() => make({ pepper: { primary: 'b', secrets: { a: 'x'.repeat(32) } } }), 'option "pepper" must be'],
  [() => make({ pepper: { primary: 'a', secrets: { a: 'short' } } }), 'option "pepper" must be'],
  [() => make({ pepper: { primary: 'a$', secrets: { a$: 'x'.repeat(32) } } }), 'option "pepper" must be'],
  [() => make({ pepper: { primary: 'a', secrets: { a: 7 as never } } }), 'option "pepper" must be'],
  [() => make({ maxBytes: 72 }), 'option "maxBytes" must be'],
  [() => make({ maxConcurrent: 0 }), 'option "maxConcurrent" must be'],
  [() => make({ maxQueued: -1 }), 'option "maxQueued" must be'],
  [() => make({ rounds: 10 } as never), 'unknown option "rounds"'],
  [() => scrypt({ cost: 1_000 }), 'scrypt: option "cost" must be'],
  [() => scrypt({ blockSize: 0 }), 'option "blockSize" must be'],
  [() => scrypt({ parallelism: 65 }), 'option "parallelism" must be'],
  [() => argon2id({} as never), 'library must be @node-rs/argon2 or argon2'],
  [() => argon2id(argon2, { passes: 0 }), 'argon2id: option "passes" must be'],
  [() => argon2id(argon2, { memoryKiB: 8, parallelism: 2 }), '"memoryKiB" must be at least eight times'],
])('names what is wrong (%#)', (construct, message) => {
  expect(construct).toThrow(TypeError);
  expect(construct).toThrow(message);
});
