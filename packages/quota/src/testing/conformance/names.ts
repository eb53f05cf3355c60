import { randomUUID } from 'node:crypto';
import { demandSame } from './demand';
import { placesOf, quotaOf, rateOf } from './limits';
import { check, holdOf } from './place';

/** What a careless store would read as something else. */
const oddNames = [
  "it's",
  '"quoted"',
  'back\\slash',
  ']] .. error() --',
  '%s %d %%',
  '{a}',
  '}{',
  'a:b|c;d=e',
  'naïve 日本語 🙂',
  '__proto__',
  'constructor',
  ' ',
  '0',
];

/** What belongs to whom. */
export const nameChecks = [
  check('subjects', 'Subjects are apart, whatever text they are.', async (place) => {
    const limits = [quotaOf('calls', 100, place.period())];
    const unique = randomUUID();
    const subjects = [...oddNames, 'x'.repeat(500), 'a\nb', 'a,b'].map((odd) => `${odd}${unique}${odd}`);
    for (const [index, subject] of subjects.entries()) {
      demandSame(await place.admit(limits, [index + 1], { subject }), [index + 1], `used by ${subject}`);
    }
    for (const [index, subject] of subjects.entries()) {
      demandSame(
        (await place.read(limits, { subject })).values,
        [index + 1],
        `used by ${subject} in the end`,
      );
    }
  }),

  check('counters', 'Counters are apart, whatever their names are.', async (place) => {
    const limits = oddNames.map((name) => quotaOf(name, 100, place.period()));
    const amounts = limits.map((_, index) => index + 1);
    demandSame(await place.admit(limits, amounts), amounts, 'used');
    await place.shows(limits.toReversed(), amounts.toReversed(), 'used in the other order');
  }),

  check(
    'ids',
    'Holds and events are apart, whatever their ids are, and not those of another subject.',
    async (place) => {
      const limits = [quotaOf('calls', 1_000, place.period()), placesOf('places', 100)];
      const ids = [...oddNames, 'a,b', 'a,b,'];
      for (const id of ids) {
        const event = { id, fingerprint: id, rememberMs: 600_000 };
        await place.admit(limits, [10, 1], { hold: holdOf(id), event });
        const again = await place.decide(limits, [10, 1], { event });
        demandSame(again.outcome, 'repeated', `event ${id} again`);
        const elsewhere = `${place.subject}:other`;
        await place.admit(limits, [1, 1], { subject: elsewhere, event });
        demandSame(
          (await place.settle(limits, [0, 0], id, { subject: elsewhere })).outcome,
          'unknown',
          `hold ${id}`,
        );
      }
      await place.shows(limits, [10 * ids.length, ids.length], 'values with all holds');
      for (const id of ids)
        demandSame((await place.settle(limits, [1, 1], id)).outcome, 'settled', `hold ${id}`);
      await place.shows(limits, [ids.length, 0], 'values in the end');
    },
  ),

  check('reading', 'Reading changes nothing, and needs nothing to be there.', async (place) => {
    const limits = [
      quotaOf('calls', 5, place.period()),
      rateOf('burst', 5, 3_600_000_000),
      placesOf('places', 5),
    ];
    const { nowUs, values, epoch } = await place.read(limits);
    const [used, tatUs, taken] = values;
    demandSame([used, taken, epoch], [0, 0, 0], 'used, places and epoch of somebody new');
    demandSame((tatUs as number) <= nowUs, true, 'the burst of somebody new is whole');
    const charged = await place.admit(limits, [1, 2, 1], { hold: holdOf('a') });
    await place.shows(limits, charged, 'values');
    await place.shows(limits, charged, 'values read again');
  }),
];
