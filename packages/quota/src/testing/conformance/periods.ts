import { demand, demandSame } from './demand';
import { hourUs, quotaOf } from './limits';
import { check } from './place';

/** Beginning and end of what is counted. */
export const periodChecks = [
  check('period', 'Outside a period nothing is decided; the answer is what time it is.', async (place) => {
    const nowUs = await place.nowUs();
    const current = quotaOf('day', 9, place.period());
    const over = quotaOf('hour', 9, { first: nowUs - hourUs, second: nowUs });
    const ahead = quotaOf('hour', 9, { first: nowUs + hourUs, second: nowUs + 2 * hourUs });
    for (const outside of [over, ahead]) {
      const reply = await place.decide([current, outside], [1, 1]);
      demand(reply.outcome === 'period', `expected 'period', got '${reply.outcome}'`);
      demand(reply.nowUs >= nowUs, 'nowUs of the answer is before the call');
    }
    await place.shows([current], [0], 'used after that');
  }),

  check('period-before-refusal', 'Outside a period nothing is refused either.', async (place) => {
    const nowUs = await place.nowUs();
    const over = quotaOf('hour', 9, { first: nowUs - hourUs, second: nowUs });
    const reply = await place.decide([quotaOf('day', 0, place.period()), over], [1, 1]);
    demandSame(reply.outcome, 'period', 'outcome');
  }),

  check('new-period', 'A new period counts from 0.', async (place) => {
    const [before, next] = [quotaOf('calls', 5, place.period(3)), quotaOf('calls', 5, place.period(2))];
    await place.admit([before], [5]);
    await place.shows([next], [0], 'used of the next period before anything is charged');
    await place.refuse([next], [6], [0]);
    await place.shows([before], [5], 'used of the first period after a refusal in the next');
    demandSame(await place.admit([next], [2]), [2], 'used of the next period');
    await place.refuse([next], [4], [0]);
  }),

  check('older-period', 'Where a clock went back, the later period goes on.', async (place) => {
    const [older, later] = [quotaOf('calls', 5, place.period(3)), quotaOf('calls', 5, place.period(2))];
    await place.admit([later], [4]);
    await place.shows([older], [4], 'used, asked for the older period');
    await place.refuse([older], [2], [0]);
    demandSame(await place.admit([older], [1]), [5], 'used after a charge in the older period');
    await place.refuse([later], [1], [0]);
  }),

  check('roll-over', 'A period ends by itself, at its end and not before.', async (place) => {
    const endUs = (await place.nowUs()) + 100_000;
    const ending = quotaOf('calls', 5, { first: endUs - hourUs, second: endUs });
    const early = await place.decide([ending], [5]);
    demand('nowUs' in early, `expected a time, got '${early.outcome}'`);
    // On a busy machine it may have ended already.
    demandSame(early.outcome, early.nowUs < endUs ? 'decided' : 'period', 'outcome before the end');
    await place.passUntil(endUs);
    demandSame((await place.decide([ending], [1])).outcome, 'period', 'outcome after the end');
    const next = quotaOf('calls', 5, { first: endUs, second: endUs + hourUs });
    demandSame(await place.admit([next], [1]), [1], 'used of the next period');
  }),
];
