import { demand, demandSame, demandSoon } from './demand';
import { append, check, longMs, sync } from './place';

/** What follows from what. */
export const linkChecks = [
  check(
    'links-are-followed',
    'What follows from a tag is invalidated with it, and what follows from that.',
    async ({ a, b }) => {
      const { mark: start } = await append(a, ['*']);
      const links = [
        ['contact', 'list'],
        ['contact', 'lead'],
        ['list', 'space'],
        ['lead', 'space'],
        ['space', 'ä:{b}'],
      ];
      for (const [cause = '', effect = ''] of links) {
        demandSame(
          await a.link(cause, effect, longMs),
          undefined,
          `the way that closes a cycle, for ${cause} → ${effect}`,
        );
      }
      demandSame(await b.link('contact', 'list', longMs), undefined, 'a link that is there already');
      const { mark, names } = await append(b, ['tcontact']);
      const all = ['tcontact', 'tlead', 'tlist', 'tspace', 'tä:{b}'];
      demandSame([...names].sort(), all, 'names that follow from contact');
      const { entries, lastInvalidations } = await sync(a, { since: start, names: all });
      demandSame([...(entries[0]?.names ?? [])].sort(), all, 'names in the log');
      demandSame(
        lastInvalidations,
        all.map(() => mark.position),
        'positions',
      );
      demandSame(
        [...(await append(a, ['tlist'])).names].sort(),
        ['tlist', 'tspace', 'tä:{b}'],
        'names that follow from list',
      );
    },
  ),

  check(
    'only-tags-are-causes',
    'What is not a tag has nothing that follows, whatever it is called.',
    async ({ a }) => {
      await a.link('a', 'b', longMs);
      demandSame((await append(a, ['*'])).names, ['*'], 'names that follow from everything');
      demandSame(
        (await append(a, ['ka', 'da'])).names,
        ['ka', 'da'],
        'names that follow from a key and a definition',
      );
    },
  ),

  check(
    'no-cycle',
    'A link that would close a cycle is refused with the way, and not made.',
    async ({ a, b }) => {
      await append(a, ['*']);
      await a.link('a', 'b', longMs);
      await b.link('b', 'c', longMs);
      demandSame(await b.link('c', 'a', longMs), ['a', 'b', 'c'], 'the way from a to c');
      demandSame(await a.link('b', 'a', longMs), ['a', 'b'], 'the way from a to b');
      demandSame(await a.link('a', 'a', longMs), ['a'], 'the way from a to itself');
      demandSame((await append(a, ['tc'])).names, ['tc'], 'names that follow from c');
      demandSame(await a.link('a', 'c', longMs), undefined, 'a second way from a to c');
    },
  ),

  check('unlink', 'A link that is taken back is not followed; others are.', async ({ a, b }) => {
    await append(a, ['*']);
    await a.link('a', 'b', longMs);
    await a.link('a', 'c', longMs);
    await b.unlink('a', 'b');
    await b.unlink('a', 'never linked');
    demandSame((await append(a, ['ta'])).names, ['ta', 'tc'], 'names');
    demandSame(
      await b.link('b', 'a', longMs),
      undefined,
      'a link the other way round, which is no cycle now',
    );
  }),

  check('links-end', 'A link goes when its time is up.', async ({ a, b }) => {
    await append(a, ['*']);
    await a.link('a', 'b', 80);
    await demandSoon(async () => (await append(b, ['ta'])).names.length === 1, 'the link goes');
    demand((await a.link('b', 'a', longMs)) === undefined, 'a link that has gone still closes a cycle');
  }),
];
