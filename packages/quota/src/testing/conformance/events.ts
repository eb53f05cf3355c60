import type { StoreEvent } from '../../store/store-types';
import { demand, demandSame } from './demand';
import { placesOf, quotaOf } from './limits';
import { check, holdOf } from './place';

/** What takes effect once. */
export const eventChecks = [
  check('once', 'An event takes effect once; the next time the values are those of now.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    await place.admit(limits, [4], { event: eventOf('a') });
    await place.admit(limits, [1]);
    const again = await place.decide(limits, [4], { event: eventOf('a') });
    demand(again.outcome === 'repeated', `expected 'repeated', got '${again.outcome}'`);
    demandSame(again.values, [5], 'values');
    demandSame(Number.isSafeInteger(again.nowUs), true, 'nowUs is a whole number');
    demandSame(await place.admit(limits, [4], { event: eventOf('b') }), [9], 'used after another event');
  }),

  check(
    'repeated-when-full',
    'A repeated event is no refusal, even where nothing is left.',
    async (place) => {
      const limits = [quotaOf('calls', 4, place.period())];
      await place.admit(limits, [4], { event: eventOf('a') });
      demandSame((await place.decide(limits, [4], { event: eventOf('a') })).outcome, 'repeated', 'outcome');
    },
  ),

  check('reused', 'Another event under the same id is refused and changes nothing.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    await place.admit(limits, [4], { event: eventOf('a') });
    const reply = await place.decide(limits, [3], { event: eventOf('a', 'something else') });
    demandSame(reply, { outcome: 'reused' }, 'reply');
    demandSame(
      (await place.decide(limits, [4], { event: eventOf('a') })).outcome,
      'repeated',
      'the first again',
    );
    await place.shows(limits, [4], 'used in the end');
  }),

  check('refused-event', 'A refused event may be tried again, as something else too.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    await place.refuse(limits, [11], [0], { event: eventOf('a') });
    await place.admit(limits, [5], { event: eventOf('a', 'less') });
    await place.shows(limits, [5], 'used in the end');
  }),

  check('event-with-hold', 'A repeated event makes no hold.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period()), placesOf('places', 5)];
    await place.admit(limits, [4, 1], { event: eventOf('a'), hold: holdOf('first') });
    await place.decide(limits, [4, 1], { event: eventOf('a'), hold: holdOf('second') });
    demandSame(
      await place.settle(limits, [0, 0], 'second'),
      { outcome: 'unknown' },
      'settlement of the second',
    );
    await place.shows(limits, [4, 1], 'values');
  }),

  check('event-forgotten', 'An event is remembered for its time.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    const short = { ...eventOf('a'), rememberMs: 80 };
    const { nowUs } = await place.take(limits, [1], { event: short });
    const early = await place.decide(limits, [1], { event: short });
    demand('nowUs' in early, `expected a time, got '${early.outcome}'`);
    // On a busy machine it may be forgotten already.
    if (early.nowUs < nowUs + 80_000) demandSame(early.outcome, 'repeated', 'before its time is over');
    await place.passUntilForgotten(early.nowUs + 80_000);
    demandSame(
      (await place.decide(limits, [1], { event: short })).outcome,
      'decided',
      'after its time is over',
    );
  }),
];

function eventOf(id: string, fingerprint = 'this'): StoreEvent {
  return { id, fingerprint, rememberMs: 600_000 };
}
