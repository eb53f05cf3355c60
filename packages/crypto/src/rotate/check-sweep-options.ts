import { checkOptions, describeValue, expects, type OptionCheck, optionChecks } from '@unite/shared';
import { checkPool } from '../pg/check-pool';
import type { SweepOptions } from './sweep-types';

const count = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);

/** A table's name. */
export const progressTableCheck: OptionCheck = expects(
  'the name of a table',
  (value) => typeof value === 'string' && /^[^.\0]+(\.[^.\0]+)?$/.test(value),
);

/** @throws TypeError */
export function checkSweepOptions(options: SweepOptions): void {
  checkOptions(
    'createSweep',
    options,
    {
      pool: () => undefined,
      vault: expects('a vault', (value) => has(value, 'forget')),
      table: expects('what vault.table() returns', (value) => has(value, 'decryptAll')),
      tenants: expects(
        'a list of tenants',
        (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'),
      ),
      batchRows: count,
      rowsPerSecond: optionChecks.positive,
      timeoutMs: optionChecks.positive,
      progressTable: progressTableCheck,
      clock: optionChecks.object,
    },
    ['pool', 'vault', 'table'],
  );
  checkPool('createSweep', 'option "pool"', options.pool, 'connect');
  const { table, tenants } = options;
  if (table.options.tenantId === undefined && tenants?.length !== 1) {
    throw new TypeError(
      `createSweep: option "tenants" must be the one tenant of ${table.table}, which has no column for it, got ${describeValue(tenants)}`,
    );
  }
}

function has(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === 'function'
  );
}
