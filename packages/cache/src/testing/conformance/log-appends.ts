import { demand, demandSame } from './demand';
import { append, check, longMs, sync } from './place';

/** What is written to the log. */
export const logAppendChecks = [
  check('positions-grow', 'Positions only grow, whoever writes.', async ({ a, b }) => {
    const marks = [];
    for (let count = 0; count < 20; count += 1) marks.push((await append(count % 2 ? a : b, ['ta'])).mark);
    const positions = marks.map(({ position }) => position);
    demand(
      positions.every(Number.isSafeInteger),
      `a position is not a whole number: ${positions.join(', ')}`,
    );
    demand(
      positions.every((position, index) => index === 0 || position > (positions[index - 1] as number)),
      `they do not grow: ${positions.join(', ')}`,
    );
    const together = await Promise.all(
      Array.from({ length: 50 }, (_, index) => append(index % 2 ? a : b, ['tb'])),
    );
    const all = [...positions, ...together.map(({ mark }) => mark.position)];
    demandSame(new Set(all).size, 70, 'different positions of 70');
    demandSame(
      new Set([...marks, ...together.map(({ mark }) => mark)].map(({ id }) => id)).size,
      70,
      'different ids of 70',
    );
  }),

  check(
    'after',
    'A position is later than the one it is to come after, and the next one too.',
    async ({ a, b }) => {
      const { mark: now } = await append(a, ['*']);
      const future = now.position + 3_600_000_000;
      const { mark } = await append(a, ['ta'], { after: future });
      demand(mark.position > future, `${mark.position} is not after ${future}`);
      const { mark: next } = await append(b, ['ta']);
      demand(next.position > mark.position, `${next.position} is not after ${mark.position}`);
      demandSame((await sync(b, { since: now })).entries.length, 2, 'entries that are read');
    },
  ),

  check(
    'unless',
    'Nothing is written where one of the named ones was invalidated later.',
    async ({ a, b }) => {
      const { mark: start } = await append(a, ['*']);
      const { mark: own } = await append(a, ['ta']);
      const attempt = (names: readonly string[], after: number) =>
        b.append({ names: ['kx'], unless: { names, after }, retainMs: longMs });
      const held = await attempt(['tb', 'ta'], own.position - 1);
      demandSame([held.mark, held.names], [undefined, []], 'held back by ta');
      demandSame((await sync(a, { names: ['kx'] })).lastInvalidations, [0], 'position of what was held back');
      demandSame((await sync(a)).mark, own, 'the newest mark after that');
      demandSame(
        (await attempt(['ta'], start.position - 1)).mark,
        undefined,
        'held back by everything: mark',
      );
      const { mark, names } = await attempt(['ta', 'tb'], own.position);
      demand(mark !== undefined, 'held back although nothing came later');
      demandSame(names, ['kx'], 'names');
      demandSame(
        (await attempt(['tb'], start.position)).mark !== undefined,
        true,
        'written for a name never invalidated',
      );
    },
  ),

  check(
    'any-name',
    'Names may be any text; none at all is a place in the log all the same.',
    async ({ a, b }) => {
      const { mark: since } = await append(a, ['*']);
      const names = [
        't',
        'ta b',
        't"\\',
        't\r\n',
        'tä',
        't日本',
        't😀',
        `t${'x'.repeat(512)}`,
        'kk:{a}',
        'pa*',
        'n',
        't',
        'h',
      ];
      const distinct = [...new Set(names)];
      const { names: all, mark } = await append(a, names, { token: 'n' });
      demandSame([...all].sort(), [...distinct].sort(), 'names of the reply');
      const { mark: empty, names: none } = await append(a, []);
      demandSame(none, [], 'names of the reply to none');
      const { entries, lastInvalidations } = await sync(b, { since, names: distinct });
      demandSame(
        entries.map((entry) => [entry.mark, [...entry.names].sort()]),
        [
          [mark, [...distinct].sort()],
          [empty, []],
        ],
        'entries',
      );
      demandSame(
        lastInvalidations,
        distinct.map(() => mark.position),
        'positions',
      );
    },
  ),
];
