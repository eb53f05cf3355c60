import { expect, it } from '@jest/globals';
import type { CodecEntry } from '../../src/remote-types';
import { fakeFleet } from '../support/open-cache';

it('tells a codec whose entry it is, in every process, and of what is everybody’s nobody’s', async () => {
  const { open, settle } = fakeFleet();
  const encoded: CodecEntry[] = [];
  const decoded: CodecEntry[] = [];
  const codec = {
    encode: (bytes: Uint8Array, entry: CodecEntry) => {
      encoded.push(entry);
      return bytes;
    },
    decode: (bytes: Uint8Array, entry: CodecEntry) => {
      decoded.push(entry);
      return bytes;
    },
  };
  const process = () => {
    // A tenant whose name stands otherwise in a key.
    const cache = open({ codec, context: () => ({ requestId: 'r', tenantId: 'a:b', state: new Map() }) });
    const own = cache.define('own', { key: () => ['x'], scope: 'tenant', load: () => 1 });
    const common = cache.define('common', { key: () => ['x'], scope: 'global', load: () => 2 });
    return { own, common };
  };
  for (const { own, common } of [process(), process()]) {
    expect([await own.get(undefined), await common.get(undefined)]).toEqual([1, 2]);
    await settle();
  }
  const told = [
    { key: 'own:a%3ab:x', tenantId: 'a:b' },
    { key: 'common:x', tenantId: undefined },
  ];
  expect(encoded).toEqual(told);
  expect(decoded).toEqual(told);
});
