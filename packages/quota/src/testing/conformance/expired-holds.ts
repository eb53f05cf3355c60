import type { StoreLimit } from '../../store/store-types';
import { demand, demandSame } from './demand';
import { quotaOf } from './limits';
import { check, holdOf, type Place } from './place';

/** What comes too late. */
export const expiredHoldChecks = [
  check('late-less', 'After a hold has expired nothing is given back.', async (place) => {
    const limits = await expired(place);
    demandSame(
      await place.settle(limits, [0], 'a'),
      { outcome: 'settled', isLate: true, added: [0], values: [60], epoch: 0 },
      'settlement',
    );
    demandSame(await place.settle(limits, [90], 'a'), { outcome: 'repeated' }, 'settled again');
    await place.shows(limits, [60], 'used in the end');
  }),

  check('late-more', 'After a hold has expired more is still charged.', async (place) => {
    const limits = await expired(place);
    demandSame(
      await place.settle(limits, [75], 'a'),
      { outcome: 'settled', isLate: true, added: [15], values: [75], epoch: 0 },
      'settlement',
    );
  }),

  check('never-settled', 'What is never settled stays charged at what was reserved.', async (place) => {
    const limits = await expired(place);
    await place.shows(limits, [60], 'used');
    await place.refuse(limits, [41], [0]);
  }),

  check(
    'hold-forgotten',
    'A hold is forgotten when it expired and its time to be remembered is over.',
    async (place) => {
      const limits = [quotaOf('tokens', 100, place.period())];
      const { nowUs } = await place.take(limits, [60], {
        hold: { id: 'a', expiresInMs: 30, rememberMs: 30 },
      });
      await place.passUntilForgotten(nowUs + 60_000);
      demandSame(await place.settle(limits, [90], 'a'), { outcome: 'unknown' }, 'settlement');
      await place.shows(limits, [60], 'used in the end');
    },
  ),

  check('hold-remembered', 'A hold is not forgotten before it expires.', async (place) => {
    const limits = [quotaOf('tokens', 100, place.period())];
    const { nowUs } = await place.take(limits, [60], { hold: { ...holdOf('a'), rememberMs: 1 } });
    await place.passUntil(nowUs + 20_000);
    demandSame((await place.settle(limits, [10], 'a')).outcome, 'settled', 'outcome');
  }),

  check(
    'settlement-forgotten',
    'When it is forgotten that a hold was settled, it is unknown.',
    async (place) => {
      const limits = [quotaOf('tokens', 100, place.period())];
      await place.admit(limits, [60], { hold: holdOf('a') });
      await place.settle(limits, [20], 'a', { rememberMs: 30 });
      await place.passUntilForgotten((await place.nowUs()) + 30_000);
      const { outcome } = await place.settle(limits, [0], 'a');
      demand(outcome !== 'settled', 'it was settled a second time');
      demandSame(outcome, 'unknown', 'outcome');
      await place.shows(limits, [20], 'used in the end');
    },
  ),
];

/** 60 of 100 held by `a`, which has expired. */
async function expired(place: Place): Promise<readonly StoreLimit[]> {
  const limits = [quotaOf('tokens', 100, place.period())];
  const { nowUs } = await place.take(limits, [60], { hold: holdOf('a', 30) });
  await place.passUntil(nowUs + 30_000);
  return limits;
}
