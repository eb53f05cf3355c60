import type { ReadReply, StoreDecision } from '../../store/store-types';
import { demand, demandSame } from './demand';
import { backoffOf, hourUs, quotaOf } from './limits';
import { check } from './place';

const firstUs = 40_000;
const longestUs = 100_000;
const limits = [backoffOf('log-ins', 2, firstUs, longestUs)];

/** Doors that stay closed for longer each time. */
export const backoffChecks = [
  check('free-failures', 'The first failures close nothing.', async (place) => {
    const slow = [backoffOf('log-ins', 2, hourUs, 9 * hourUs)];
    for (const what of ['first', 'second']) {
      demandSame(waitOf(await place.take(slow, [1])), 0, `wait after the ${what}, in µs`);
    }
    const third = await place.take(slow, [1]);
    demandSame(third.refused, [], 'refused of the third');
    demandSame(waitOf(third), hourUs, 'wait after the third, in µs');
  }),

  check('closed', 'While it is closed everything is refused, and no refusal counts.', async (place) => {
    const slow = [backoffOf('log-ins', 0, hourUs, 4 * hourUs), quotaOf('calls', 9, place.period())];
    const closed = await place.take(slow, [1, 1]);
    demandSame(waitOf(closed), hourUs, 'wait, in µs');
    await place.refuse(slow, [1, 1], [0]);
    await place.shows(slow, closed.values, 'values after a refusal');
    await place.admit(slow, [0, 1]);
  }),

  check('doubling', 'Each further failure doubles the wait, up to the longest.', async (place) => {
    await place.take(limits, [3]);
    for (const waitUs of [2 * firstUs, longestUs, longestUs]) {
      const opensAtUs = (await place.read(limits)).values[0] as number;
      await place.passUntil(opensAtUs);
      const decision = await place.take(limits, [1]);
      demandSame(decision.refused, [], 'refused after the wait');
      // On a busy machine it may have been forgotten meanwhile.
      if (decision.nowUs < opensAtUs + longestUs) demandSame(waitOf(decision), waitUs, 'wait, in µs');
      else return;
    }
  }),

  check('many-failures', 'Any number of failures waits for the longest time.', async (place) => {
    const slow = [backoffOf('log-ins', 0, hourUs, 9 * hourUs), backoffOf('none', 0, 0, hourUs)];
    const { nowUs, values } = await place.take(slow, [5_000, 5_000]);
    demandSame(values[0], nowUs + 9 * hourUs, 'when it opens');
    demand((values[1] as number) <= nowUs, 'a wait of 0 stays one of 0');
  }),

  check('forgotten', 'Failures are forgotten when nothing failed for the longest wait.', async (place) => {
    const { values } = await place.take(limits, [4]);
    await place.passUntil((values[0] as number) + longestUs);
    demandSame(waitOf(await place.take(limits, [3])), firstUs, 'wait after three new failures, in µs');
  }),

  check('success', 'Failures that are taken back open the door at once, and do not count.', async (place) => {
    const slow = [backoffOf('log-ins', 2, hourUs, 9 * hourUs)];
    await place.admit(slow, [4]);
    await place.refuse(slow, [1], [0]);
    demandSame(waitOf(await place.adjust(slow, [-1])), 0, 'wait after one was taken back, in µs');
    demandSame(waitOf(await place.take(slow, [1])), 2 * hourUs, 'wait after four, in µs');
    await place.adjust(slow, [-100]);
    demandSame(
      waitOf(await place.take(slow, [3])),
      hourUs,
      'wait after all were taken back and three came, in µs',
    );
  }),

  check('failures-added', 'Failures that are added count whether it is closed or not.', async (place) => {
    const slow = [backoffOf('log-ins', 2, hourUs, 9 * hourUs)];
    demandSame(waitOf(await place.adjust(slow, [3])), hourUs, 'wait after three, in µs');
    demandSame(waitOf(await place.adjust(slow, [1])), 2 * hourUs, 'wait after one more, in µs');
    await place.refuse(slow, [1], [0]);
  }),
];

/** How long it stays closed, in microseconds. */
function waitOf({ values, nowUs }: StoreDecision | ReadReply): number {
  return Math.max(0, (values[0] as number) - nowUs);
}
