import type { StoreLimit } from '../../store/store-types';
import { demandSame } from './demand';
import { backoffOf, hourUs, placesOf, quotaOf, rateOf } from './limits';
import { check, holdOf, type Place } from './place';

const isLedgered = true;

/** Counts that are a ledger's. */
export const ledgeredChecks = [
  check('unknown', 'Counts that were not installed are unknown, not 0.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period())];
    demandSame(await outcomes(place, limits), ['unknown', 'unknown', 'unknown'], 'outcomes');
    await place.adjust(limits, [1]);
    demandSame(
      await outcomes(place, limits),
      ['unknown', 'unknown', 'unknown'],
      'outcomes with counts of no ledger',
    );
    demandSame(await place.install(limits, [7], 1), 'installed', 'outcome');
    demandSame(
      await outcomes(place, limits),
      ['decided', 'read', 'read'],
      'outcomes after they were installed',
    );
  }),

  check('install', 'Installed counts are those of the ledger, and go on from there.', async (place) => {
    const limits = [quotaOf('calls', 10, place.period()), quotaOf('tokens', 100, place.period())];
    await place.admit(limits, [9, 9]);
    demandSame(await place.install(limits, [3, 40], 5), 'installed', 'outcome');
    const read = await place.read(limits, { isLedgered });
    demandSame([read.values, read.epoch], [[3, 40], 5], 'values and epoch, read');
    const decision = await place.take(limits, [7, 1], { isLedgered });
    demandSame([decision.values, decision.epoch], [[10, 41], 5], 'values and epoch, decided');
    await place.refuse(limits, [1, 1], [0], { isLedgered });
    demandSame((await place.adjust(limits, [-1, 0], { isLedgered })).epoch, 5, 'epoch, adjusted');
  }),

  check('outdated', 'Counts of the same or an older epoch are not installed.', async (place) => {
    const limits = [quotaOf('calls', 100, place.period())];
    await place.install(limits, [10], 5);
    for (const epoch of [5, 4, 1])
      demandSame(await place.install(limits, [0], epoch), 'outdated', `epoch ${epoch}`);
    const read = await place.read(limits, { isLedgered });
    demandSame([read.values, read.epoch], [[10], 5], 'values and epoch');
    demandSame(await place.install(limits, [2], 6), 'installed', 'epoch 6');
    await place.shows(limits, [2], 'used in the end');
  }),

  check('install-period', 'Installed counts are those of their period.', async (place) => {
    const [before, next] = [quotaOf('calls', 10, place.period(3)), quotaOf('calls', 10, place.period(2))];
    await place.install([before], [8], 1);
    demandSame(await place.admit([next], [5], { isLedgered }), [5], 'used in the next period');
    await place.install([next], [9], 2);
    await place.refuse([next], [2], [0], { isLedgered });
  }),

  check('install-leaves', 'Rates, places and failures stay as they are.', async (place) => {
    const limits = [
      quotaOf('calls', 10, place.period()),
      rateOf('burst', 5, hourUs),
      placesOf('places', 5),
      backoffOf('log-ins', 0, hourUs, hourUs),
    ];
    const [, ...others] = await place.admit(limits, [1, 2, 1, 1], { hold: holdOf('a') });
    await place.install(limits, [6, 0, 0, 0], 1);
    await place.shows(limits, [6, ...others], 'values');
  }),

  check(
    'hold-before-install',
    'A hold that was made before the counts were installed can be settled.',
    async (place) => {
      const limits = [quotaOf('calls', 100, place.period())];
      await place.install(limits, [10], 1);
      await place.admit(limits, [50], { isLedgered, hold: holdOf('a') });
      await place.install(limits, [60], 2);
      await place.settle(limits, [20], 'a');
      await place.shows(limits, [30], 'used in the end');
    },
  ),
];

async function outcomes(place: Place, limits: readonly StoreLimit[]): Promise<readonly string[]> {
  const { store, subject } = place;
  const call = { subject, limits, amounts: [1], isLedgered, keepMs: 600_000 };
  return [await store.decide(call), await store.adjust(call), await store.read(call)].map(
    ({ outcome }) => outcome,
  );
}
