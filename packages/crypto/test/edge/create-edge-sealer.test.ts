import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEdgeSealer } from '../../src/edge';
import { Sealer } from '../../src/xaes/sealer';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = fc.uint8Array({ maxLength: 150 });
const nothing = new Uint8Array();
const NodeBuffer = Buffer;

afterEach(() => {
  globalThis.Buffer = NodeBuffer;
});

describe('the edge sealer and the sealer of Node.js', () => {
  test('open what the other has sealed, with and without a header', async () => {
    await fc.assert(
      fc.asyncProperty(key, bytes, bytes, bytes, async (root, plaintext, aad, header) => {
        const edge = await createEdgeSealer(root);
        const node = new Sealer(root);
        expect([...node.open(await edge.seal(plaintext, aad, header), aad, header.length)]).toEqual([
          ...plaintext,
        ]);
        expect(await edge.open(node.seal(plaintext, aad, header), aad, header.length)).toEqual(plaintext);
        expect(await edge.open(await edge.seal(plaintext, aad), aad)).toEqual(plaintext);
      }),
      { numRuns: 150 },
    );
  });

  test('refuse the same with the same codes: every bit, every length, another place, another key', async () => {
    const root = randomBytes(32);
    const [edge, node] = [await createEdgeSealer(root), new Sealer(root)];
    const header = Buffer.from([1, 1]);
    const sealed = node.seal(Buffer.from('a value'), Buffer.from('place'), header);
    const altered = Array.from({ length: sealed.length * 8 }, (_, bit) => {
      const copy = Buffer.from(sealed);
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
      return copy;
    });
    const cut = Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length));
    const refused: unknown[] = [];
    for (const one of [...altered, ...cut]) {
      const code = codeOf(() => node.open(one, Buffer.from('place'), 2));
      expect(await codeOf(() => edge.open(one, Buffer.from('place'), 2))).toBe(await code);
      refused.push(await code);
    }
    expect(new Set(refused)).toEqual(
      new Set([
        'UNITE_CRYPTO_AUTHENTICATION_FAILED',
        'UNITE_CRYPTO_COMMITMENT_MISMATCH',
        'UNITE_CRYPTO_FORMAT_INVALID',
      ]),
    );
    expect(await codeOf(() => edge.open(sealed, Buffer.from('elsewhere'), 2))).toBe(
      'UNITE_CRYPTO_AUTHENTICATION_FAILED',
    );
    const other = await createEdgeSealer(randomBytes(32));
    expect(await codeOf(() => other.open(sealed, Buffer.from('place'), 2))).toBe(
      'UNITE_CRYPTO_COMMITMENT_MISMATCH',
    );
  });

  test('are not moved by bytes that change while the edge one waits', async () => {
    const root = randomBytes(32);
    const edge = await createEdgeSealer(root);
    const [plaintext, aad, header] = [Buffer.from('text'), Buffer.from('aad'), Buffer.from('h')];
    const sealing = edge.seal(plaintext, aad, header);
    for (const given of [plaintext, aad, header]) given.fill(0);
    const sealed = await sealing;
    expect(new Sealer(root).open(sealed, Buffer.from('aad'), 1).toString()).toBe('text');
    const place = Buffer.from('aad');
    const opening = edge.open(sealed, place, 1);
    sealed.fill(0);
    place.fill(0);
    expect(Buffer.from(await opening).toString()).toBe('text');
  });

  test('never use a nonce twice', async () => {
    const edge = await createEdgeSealer(randomBytes(32));
    const sealed = await Promise.all(Array.from({ length: 100 }, () => edge.seal(nothing, nothing)));
    expect(new Set(sealed.map((one) => NodeBuffer.from(one.subarray(0, 24)).toString('hex'))).size).toBe(100);
  });
});

describe('what is not bytes', () => {
  const others: readonly (readonly [unknown, string])[] = [
    ['secret', 'a string'],
    [new ArrayBuffer(6), 'ArrayBuffer'],
    [new DataView(new ArrayBuffer(6)), 'DataView'],
    [new Uint16Array(6), 'Uint16Array'],
    [[115, 101], 'Array'],
    [{ length: 6 }, 'Object'],
    [6, 'a number'],
    [null, 'null'],
  ];

  test.each(others)(
    'is refused by its name and kind, and nothing of it is shown: %p',
    async (given, kind) => {
      const edge = await createEdgeSealer(randomBytes(32));
      const wrong = given as Uint8Array;
      const sealed = await edge.seal(nothing, nothing);
      const refused = (method: string, name: string) =>
        new TypeError(`EdgeSealer.${method}: ${name} must be a Uint8Array, got ${kind}`);
      await expect(edge.seal(wrong, nothing)).rejects.toThrow(refused('seal', 'plaintext'));
      await expect(edge.seal(nothing, wrong)).rejects.toThrow(refused('seal', 'aad'));
      await expect(edge.seal(nothing, nothing, wrong)).rejects.toThrow(refused('seal', 'header'));
      await expect(edge.open(wrong, nothing)).rejects.toThrow(refused('open', 'sealed'));
      await expect(edge.open(sealed, wrong)).rejects.toThrow(refused('open', 'aad'));
    },
  );

  test.each([
    [-1, '-1'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    ['2', 'a string'],
    [null, 'null'],
  ])('is no length of a header: %p', async (given, got) => {
    const edge = await createEdgeSealer(randomBytes(32));
    const sealed = await edge.seal(nothing, nothing);
    await expect(edge.open(sealed, nothing, given as number)).rejects.toThrow(
      new TypeError(`EdgeSealer.open: headerBytes must be a whole number from 0, got ${got}`),
    );
  });

  test('a header that is longer than what is opened is malformed data, and no mistake of the caller', async () => {
    const edge = await createEdgeSealer(randomBytes(32));
    expect(await codeOf(() => edge.open(new Uint8Array(80), nothing, 81))).toBe(
      'UNITE_CRYPTO_FORMAT_INVALID',
    );
  });
});

describe('the key', () => {
  test('must be 32 bytes, and is not shown', async () => {
    for (const wrong of [randomBytes(16), randomBytes(33), 'k'.repeat(32), undefined, {}]) {
      await expect(createEdgeSealer(wrong as Uint8Array)).rejects.toThrow(
        new TypeError('createEdgeSealer: the key must be a Uint8Array of 32 bytes'),
      );
    }
  });

  test('may be overwritten afterwards', async () => {
    const root = randomBytes(32);
    const same = new Sealer(root);
    const edge = await createEdgeSealer(root);
    root.fill(0);
    expect(same.open(await edge.seal(nothing, nothing), nothing)).toHaveLength(0);
  });
});

describe('an edge runtime', () => {
  test('needs nothing of Node.js: no module of it, and no Buffer', async () => {
    const root = join(__dirname, '../../src');
    const sources = reachableFrom(join(root, 'edge/index.ts'));
    expect([...sources.keys()].map((file) => relative(root, file)).sort()).toEqual([
      'edge/check-bytes.ts',
      'edge/create-edge-sealer.ts',
      'edge/create-message-keys.ts',
      'edge/index.ts',
      'errors.ts',
    ]);
    for (const source of sources.values()) {
      expect(source).not.toMatch(/\bBuffer\b|\bprocess\b|\brequire\(|from '(?!\.)/);
    }
  });

  test('works where there is no Buffer', async () => {
    globalThis.Buffer = undefined as unknown as typeof Buffer;
    const edge = await createEdgeSealer(new Uint8Array(32));
    const sealed = await edge.seal(new Uint8Array([1, 2, 3]), nothing);
    expect(await edge.open(sealed, nothing)).toEqual(new Uint8Array([1, 2, 3]));
  });
});

/** Every file that is imported at run time, with its text without comments and types. */
function reachableFrom(file: string, found = new Map<string, string>()): Map<string, string> {
  const source = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/^(import|export) type [^;]*;/gm, '');
  found.set(file, source);
  for (const [, path] of source.matchAll(/from '(\.[^']*)'/g)) {
    const next = join(dirname(file), `${path}.ts`);
    if (!found.has(next)) reachableFrom(next, found);
  }
  return found;
}

async function codeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return 'opened';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}
