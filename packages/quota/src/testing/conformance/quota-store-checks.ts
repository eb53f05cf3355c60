import { adjustmentChecks } from './adjustments';
import { backoffChecks } from './backoffs';
import { concurrencyChecks } from './concurrency';
import { crowdChecks } from './crowds';
import { eventChecks } from './events';
import { expiredHoldChecks } from './expired-holds';
import { holdChecks } from './holds';
import { interleavingChecks } from './interleavings';
import { ledgeredChecks } from './ledgered';
import { nameChecks } from './names';
import { periodChecks } from './periods';
import { quotaChecks } from './quotas';
import { rateChecks } from './rates';
import type { QuotaStoreCheck } from './types';

/**
 * Everything that a store has to do, for a test runner that is to show each by its name.
 *
 * @example
 * test.each(quotaStoreChecks)('$name: $summary', (check) => check.run(() => ({ store: myStore(client) })));
 */
export const quotaStoreChecks: readonly QuotaStoreCheck[] = Object.freeze([
  ...quotaChecks,
  ...periodChecks,
  ...rateChecks,
  ...concurrencyChecks,
  ...backoffChecks,
  ...holdChecks,
  ...expiredHoldChecks,
  ...eventChecks,
  ...adjustmentChecks,
  ...ledgeredChecks,
  ...nameChecks,
  ...crowdChecks,
  ...interleavingChecks,
]);
