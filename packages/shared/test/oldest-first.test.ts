import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OldestFirst } from '../src';

test('whatever is set and deleted, it has what a Map has, in the order of a Map', () => {
  const step = fc.record({ isSet: fc.boolean(), key: fc.integer({ min: 0, max: 5 }), value: fc.integer() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const map = new Map<number, number>();
      const entries = new OldestFirst<number, number>();
      for (const { isSet, key, value } of steps) {
        map.delete(key);
        if (isSet) map.set(key, value);
        if (isSet) entries.set(key, value);
        else entries.delete(key);
        const all = [...map].map(([key, value]) => ({ key, value }));
        expect(Array.from(entries, ({ key, value }) => ({ key, value }))).toEqual(all);
        expect([entries.size, entries.oldest?.key, entries.oldest?.value]).toEqual([
          map.size,
          all[0]?.key,
          all[0]?.value,
        ]);
        expect([entries.has(key), entries.get(key)]).toEqual([map.has(key), map.get(key)]);
      }
    }),
  );
});

test('what is deleted while they are gone through is left out', () => {
  const entries = new OldestFirst<string, number>();
  for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) entries.set(key, at);
  const seen = [];
  for (const { key } of entries) {
    seen.push(key);
    for (const gone of ['a', 'b', 'c']) entries.delete(gone);
  }
  expect(seen).toEqual(['a', 'd']);
  expect(entries.oldest?.key).toBe('d');
});
