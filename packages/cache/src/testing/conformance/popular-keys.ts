import { demand, demandSame } from './demand';
import { check } from './place';

/** What is read most. */
export const popularChecks = [
  check('most-read', 'Counts of all processes add up; the most popular comes first.', async ({ a, b }) => {
    demandSame(await a.mostRead('users', 10), [], 'before any read');
    await a.countReads(
      'users',
      new Map([
        ['one', 5],
        ['two', 4],
        ['ä "{3}"', 2],
      ]),
    );
    await b.countReads(
      'users',
      new Map([
        ['two', 3],
        ['ä "{3}"', 1],
      ]),
    );
    await b.countReads('leads', new Map([['other', 100]]));
    demandSame(await a.mostRead('users', 10), ['two', 'one', 'ä "{3}"'], 'all');
    demandSame(await a.mostRead('users', 2), ['two', 'one'], 'the first two');
    demandSame(await b.mostRead('users', 0), [], 'the first none');
    demandSame(await b.mostRead('leads', 10), ['other'], 'those of another definition');
    await a.countReads('users', new Map());
  }),

  check('counts-are-bounded', 'About a thousand are kept, among them the most popular.', async ({ a }) => {
    const counts = new Map(Array.from({ length: 3_000 }, (_, index) => [`key ${index}`, index + 1]));
    await a.countReads('users', counts);
    const kept = await a.mostRead('users', 10_000);
    demand(kept.length >= 500 && kept.length <= 2_000, `of 3,000 keys ${kept.length} are kept`);
    demandSame(kept.slice(0, 2), ['key 2999', 'key 2998'], 'the first two');
  }),
];
