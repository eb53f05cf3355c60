import { demand, demandSame } from './demand';
import { hourUs, rateOf } from './limits';
import { check } from './place';

/** Doubles near today's microseconds have quarters of one. */
export const roundingUs = 1;

/** Odd, so that every digit of an arrival time counts. */
const slowUs = hourUs + 1;

/** Bursts, and how they come back. */
export const rateChecks = [
  check(
    'burst',
    'A burst may be used at once, and the arrival time says when it is whole again.',
    async (place) => {
      const limits = [rateOf('burst', 5, slowUs)];
      const { nowUs, values } = await place.take(limits, [2]);
      demandSame(values, [nowUs + 2 * slowUs], 'arrival time after 2');
      demandSame(await place.admit(limits, [3]), [nowUs + 5 * slowUs], 'arrival time after 5');
      await place.refuse(limits, [1], [0]);
      await place.shows(limits, [nowUs + 5 * slowUs], 'arrival time after a refusal');
    },
  ),

  check('refill', 'What was used comes back one by one, neither sooner nor later.', async (place) => {
    const intervalUs = 40_000;
    const limits = [rateOf('burst', 3, intervalUs)];
    let tatUs = 0;
    for (const _ of Array.from({ length: 8 })) {
      const { nowUs, refused, values } = await place.take(limits, [2]);
      const nextUs = Math.max(tatUs, nowUs) + 2 * intervalUs;
      const fits = nextUs - 3 * intervalUs <= nowUs;
      demandSame(
        refused,
        fits ? [] : [0],
        `refused ${nextUs - 3 * intervalUs - nowUs} µs before there is room`,
      );
      if (fits) tatUs = nextUs;
      demandSame(values, [tatUs], 'arrival time');
      await place.passUntil(nextUs - 3 * intervalUs);
    }
  }),

  check('whole-burst', 'After its time the burst is whole, and not larger.', async (place) => {
    const limits = [rateOf('burst', 4, 10_000)];
    const [tatUs] = await place.admit(limits, [4]);
    await place.passUntil((tatUs as number) + 100_000);
    const { nowUs, values } = await place.take(limits, [4]);
    demandSame(values, [nowUs + 40_000], 'arrival time after a rest and another burst');
  }),

  check('odd-interval', 'Where the interval is no whole number, all of the burst passes.', async (place) => {
    const intervalUs = 60_000_000 / 11;
    const limits = [rateOf('burst', 11, intervalUs)];
    const { nowUs } = await place.take(limits, [1]);
    for (const before of Array.from({ length: 10 }).keys()) {
      const [tatUs] = await place.admit(limits, [1]);
      const offUs = Math.abs((tatUs as number) - nowUs - (before + 2) * intervalUs);
      demand(offUs <= roundingUs, `arrival time after ${before + 2} is ${offUs} µs off`);
    }
    await place.refuse(limits, [1], [0]);
  }),

  check('more-than-burst', 'More than the burst is refused however long one waits.', async (place) => {
    for (const intervalUs of [1, 0.01]) {
      await place.refuse([rateOf('burst', 5, intervalUs)], [6], [0]);
      await place.refuse([rateOf('none', 0, intervalUs)], [1], [0]);
    }
  }),

  check(
    'far-arrival',
    'An arrival time from another clock or a slower limit closes the door for two bursts at most.',
    async (place) => {
      await place.admit([rateOf('burst', 5, hourUs)], [5]);
      const limits = [rateOf('burst', 5, 10_000)];
      const { nowUs, refused, values } = await place.take(limits, [1]);
      demandSame(refused, [0], 'refused at once');
      demand(
        (values[0] as number) <= nowUs + 100_000 + roundingUs,
        'the arrival time is more than two bursts away',
      );
      await place.passUntil(nowUs + 100_000);
      await place.admit(limits, [5]);
    },
  ),
];
