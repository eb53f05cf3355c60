import { demandSame } from './demand';
import { hourUs, placesOf, quotaOf, rateOf } from './limits';
import { check, holdOf } from './place';

const crowd = Array.from({ length: 50 }, (_, index) => `${index}`);

/** Many at the same time. */
export const crowdChecks = [
  check('crowd', 'Of 50 at once, exactly as many are admitted as fit all limits.', async (place) => {
    const limits = [
      quotaOf('calls', 17, place.period()),
      rateOf('burst', 30, hourUs),
      quotaOf('all', 99, place.period()),
    ];
    const decisions = await Promise.all(crowd.map(() => place.take(limits, [1, 1, 1])));
    demandSame(decisions.filter(({ refused }) => refused.length === 0).length, 17, 'admitted');
    const [used, , all] = (await place.read(limits)).values;
    demandSame([used, all], [17, 17], 'used in the end');
  }),

  check(
    'crowd-of-holds',
    'Of 50 holds at once, exactly as many are open as there are places.',
    async (place) => {
      const limits = [placesOf('places', 6), quotaOf('calls', 50, place.period())];
      const decisions = await Promise.all(
        crowd.map((id) => place.take(limits, [1, 1], { hold: holdOf(id) })),
      );
      demandSame(decisions.filter(({ refused }) => refused.length === 0).length, 6, 'admitted');
      await place.shows(limits, [6, 6], 'values');
      const settlements = await Promise.all(crowd.map((id) => place.settle(limits, [0, 0], id)));
      demandSame(settlements.filter(({ outcome }) => outcome === 'settled').length, 6, 'settled');
      await place.shows(limits, [0, 0], 'values in the end');
    },
  ),

  check('crowd-of-one', 'The same event 50 times at once takes effect once.', async (place) => {
    const limits = [quotaOf('calls', 50, place.period())];
    const event = { id: 'a', fingerprint: 'a', rememberMs: 600_000 };
    const replies = await Promise.all(crowd.map(() => place.decide(limits, [1], { event })));
    demandSame(replies.filter(({ outcome }) => outcome === 'decided').length, 1, 'decided');
    demandSame(replies.filter(({ outcome }) => outcome === 'repeated').length, 49, 'repeated');
    await place.shows(limits, [1], 'used in the end');
  }),

  check('crowd-of-settlements', 'The same hold settled 50 times at once is settled once.', async (place) => {
    const limits = [quotaOf('calls', 100, place.period())];
    await place.admit(limits, [80], { hold: holdOf('a') });
    const replies = await Promise.all(crowd.map((_, index) => place.settle(limits, [index], 'a')));
    const settled = replies.filter((reply) => reply.outcome === 'settled');
    demandSame(settled.length, 1, 'settled');
    await place.shows(
      limits,
      settled.flatMap(({ values }) => values),
      'used in the end',
    );
  }),

  check('crowd-of-installs', 'Of epochs installed at once, the latest stays.', async (place) => {
    const limits = [quotaOf('calls', 100, place.period())];
    await Promise.all(crowd.map((_, index) => place.install(limits, [index], ((index * 7) % 50) + 1)));
    const { values, epoch } = await place.read(limits, { isLedgered: true });
    demandSame([values, epoch], [[7], 50], 'values and epoch');
  }),
];
