import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodabilityOf } from '../../src/entry/encodability';
import { EntryCodec } from '../../src/entry/entry-codec';
import type { CodecEntry } from '../../src/remote-types';

const codec = new EntryCodec(undefined);
const k = { key: 'k' };
const about = { loadedAtMs: 1, loadMs: 2, extraTags: [] };

async function roundTrip(value: unknown): Promise<unknown> {
  return (await codec.decode(k, await codec.encode(k, { value, ...about }))).value;
}

describe('EntryCodec', () => {
  it('gives back what it was given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({
          // A date that is none equals no other in Jest, so those are looked at below.
          values: [
            fc.boolean(),
            fc.integer(),
            fc.double(),
            fc.string(),
            fc.date({ noInvalidDate: true }),
            fc.constantFrom(null, undefined),
          ],
          withBigInt: true,
          withMap: true,
          withSet: true,
          withSparseArray: false,
        }),
        async (value) => {
          expect(await roundTrip(value)).toEqual(value);
        },
      ),
    );
    // Of the typed arrays only these are of the same realm as the ones that Jest's sandbox has.
    for (const value of [new Uint8Array([1, 2]), new Uint8Array(), Buffer.from('a'), new ArrayBuffer(3)]) {
      expect(await roundTrip({ value })).toEqual({ value });
    }
    for (const value of [
      -0,
      'caf\ud83d',
      { a: [-0, '\udc00'] },
      { ['__proto__']: { a: 1 } },
      undefined,
      null,
      Number.NaN,
      /a/g,
    ]) {
      expect(await roundTrip(value)).toStrictEqual(value);
    }
  });

  it('keeps a date that is none', async () => {
    const back = (await roundTrip({ at: new Date(Number.NaN) })) as { at: Date };
    expect(back.at).toBeInstanceOf(Date);
    expect(back.at.getTime()).toBeNaN();
  });

  it('keeps objects that hold themselves', async () => {
    const value: Record<string, unknown> = { name: 'x' };
    value.self = value;
    const back = (await roundTrip(value)) as typeof value;
    expect(back.self).toBe(back);
  });

  it.each<[unknown, string]>([
    [() => 1, 'value is a function'],
    [{ a: [1, Symbol('s')] }, 'value.a[1] is Symbol(s)'],
    [new Map([['k', new WeakMap()]]), 'value, value 0 is an object of class WeakMap'],
    [new Map([[() => 1, 1]]), 'value, key 0 is a function'],
    [new Set([new URL('http://a')]), 'value, item 0 is an object of class URL'],
    [Object.create({}), 'value is an object of class Object'],
    [Object.create(Object.create(null)), 'value is an object of class without a name'],
    [Promise.resolve(), 'value is an object of class Promise'],
    [[Object.assign(new Error('no'), { code: 5 })], 'value[0] is an error with fields of its own'],
  ])('says what it cannot keep: %p', (value, why) => {
    expect(encodabilityOf(value).refusal).toBe(why);
    expect(() => codec.encode(k, { value, ...about })).toThrow(why);
  });

  it('does not take an entry of another key, of another version, or what is none', async () => {
    const bytes = await codec.encode({ key: 'one' }, { value: 1, ...about });
    await expect(codec.decode({ key: 'other' }, bytes)).rejects.toThrow('an entry of another key');
    await expect(codec.decode({ key: 'one' }, Buffer.from([0x91, 0x63]))).rejects.toThrow(
      'an entry of version 99',
    );
    await expect(codec.decode({ key: 'one' }, Buffer.from('deadbeef', 'hex'))).rejects.toThrow();
    await expect(codec.decode({ key: 'one' }, bytes.subarray(0, 5))).rejects.toThrow();
    await expect(codec.decode({ key: 'one' }, Buffer.alloc(0))).rejects.toThrow();
  });

  it('goes through the codec that it is given, with the key and whose it is', async () => {
    const entries: CodecEntry[] = [];
    const mirror = (bytes: Uint8Array, entry: CodecEntry) => {
      entries.push(entry);
      return Uint8Array.from(bytes, (byte) => byte ^ 0xff);
    };
    const coded = new EntryCodec({ encode: mirror, decode: async (bytes, on) => mirror(bytes, on) });
    const ofAcme = { key: 'k', tenantId: 'acme' };
    const bytes = await coded.encode(ofAcme, { value: 'secret', ...about });
    expect(Buffer.from(bytes).includes('secret')).toBe(false);
    expect((await coded.decode(ofAcme, bytes)).value).toBe('secret');
    expect(entries).toEqual([ofAcme, ofAcme]);
  });
});
