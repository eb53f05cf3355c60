import { deserialize, serialize } from 'node:v8';
import { expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { type CacheUnderTest, runHazards } from '../../../src/testing';

/** Redis alone, by a serializer that knows every value; what `mangle` makes of it on the way back. */
function cacheThat(mangle: (value: unknown) => unknown): CacheUnderTest {
  return {
    name: 'redis alone',
    async openNode({ redisUrl, namespace }) {
      const client = await createClient({ url: redisUrl }).connect();
      return {
        get: async (key, load) => {
          const text = await client.get(`${namespace}:${key}`);
          if (text !== null) return mangle(deserialize(Buffer.from(text, 'base64')));
          const value = await load();
          await client.set(`${namespace}:${key}`, serialize(value).toString('base64'));
          return value;
        },
        delete: (key) => client.del(`${namespace}:${key}`),
        close: async () => client.destroy(),
      };
    },
  };
}

const only = ['kept-values'];

test('a cache that keeps every value holds', async () => {
  const { results } = await runHazards(
    cacheThat((value) => value),
    { only },
  );
  expect(results).toEqual([expect.objectContaining({ holds: true, seen: 'all 11 equal' })]);
});

test('a Buffer will do for a Uint8Array, not the other way round', async () => {
  const swap = (value: unknown) => {
    if (Buffer.isBuffer(value)) return new Uint8Array(value);
    return value instanceof Uint8Array ? Buffer.from(value) : value;
  };
  const { results } = await runHazards(cacheThat(swap), { only });
  expect(results[0]?.seen).toBe('1 of 11: Buffer (Uint8Array {"0":0,"1":255,"2":128,"3":10} from memory)');
});
