import { demandSame } from './demand';
import { placesOf } from './limits';
import { check, holdOf, type Place } from './place';

const limits = [placesOf('exports', 2)];

/** Places, and who has them. */
export const concurrencyChecks = [
  check('places', 'A hold takes one place, whatever its amount, until it is settled.', async (place) => {
    demandSame(await place.admit(limits, [50], { hold: holdOf('a') }), [1], 'places taken by one');
    demandSame(await place.admit(limits, [1], { hold: holdOf('b') }), [2], 'places taken by two');
    await place.refuse(limits, [1], [0], { hold: holdOf('c') });
    demandSame((await place.settle(limits, [9], 'a')).outcome, 'settled', 'outcome');
    demandSame(await taken(place), 1, 'places taken after one was settled');
    demandSame(await place.admit(limits, [1], { hold: holdOf('c') }), [2], 'places taken by another');
  }),

  check('look', 'Without a hold, no place is taken, only looked for.', async (place) => {
    demandSame(await place.admit(limits, [1]), [0], 'places taken after a look');
    await place.admit(limits, [1], { hold: holdOf('a') });
    demandSame(await place.admit(limits, [1]), [1], 'places taken after a look with one free');
    await place.admit(limits, [1], { hold: holdOf('b') });
    await place.refuse(limits, [1], [0]);
    await place.admit(limits, [0]);
  }),

  check('one-place', 'The same hold has one place, however often it takes it.', async (place) => {
    await place.admit(limits, [1], { hold: holdOf('a') });
    demandSame(await place.admit(limits, [1], { hold: holdOf('a') }), [1], 'places taken by one, twice');
    await place.admit(limits, [1], { hold: holdOf('b') });
    demandSame(
      await place.admit(limits, [1], { hold: holdOf('b') }),
      [2],
      'places taken by two, one of them twice',
    );
  }),

  check('no-place', 'A hold with an amount of 0 takes no place.', async (place) => {
    demandSame(await place.admit(limits, [0], { hold: holdOf('a') }), [0], 'places taken');
  }),

  check('lost-holder', 'A place is free again when its hold expires, and not before.', async (place) => {
    await place.admit(limits, [1], { hold: holdOf('long') });
    const { nowUs } = await place.take(limits, [1], { hold: holdOf('short', 80) });
    const early = await place.read(limits);
    // On a busy machine it may have expired already.
    demandSame(early.values, [early.nowUs < nowUs + 80_000 ? 2 : 1], 'places taken before it expires');
    await place.passUntil(nowUs + 80_000);
    demandSame(await taken(place), 1, 'places taken after it expired');
    demandSame(await place.admit(limits, [1], { hold: holdOf('next') }), [2], 'places taken by the next');
    await place.settle(limits, [1], 'short');
    demandSame(await taken(place), 2, 'places taken after the expired one was settled');
  }),

  check('lost-holders', 'Each place is free when its own hold expires.', async (place) => {
    await place.admit(limits, [1], { hold: holdOf('first', 40) });
    const { nowUs } = await place.take(limits, [1], { hold: holdOf('second', 80) });
    await place.passUntil(nowUs + 40_000);
    const early = await place.read(limits);
    demandSame(early.values, [early.nowUs < nowUs + 80_000 ? 1 : 0], 'places taken after the first expired');
    await place.passUntil(nowUs + 80_000);
    demandSame(await taken(place), 0, 'places taken after both expired');
  }),
];

async function taken(place: Place): Promise<number | undefined> {
  return (await place.read(limits)).values[0];
}
