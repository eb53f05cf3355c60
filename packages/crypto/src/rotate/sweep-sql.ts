import { checkOptions } from '@unite/shared';
import { quoteTable } from '../pg/quote-name';
import { progressTableCheck } from './check-sweep-options';
import { defaultProgressTable } from './progress';
import type { SweepTableOptions } from './sweep-types';

/**
 * The table with the progress of sweeps, as a migration. It may be run again.
 *
 * @throws TypeError
 * @example
 * await pool.query(sweepSql());
 */
export function sweepSql(options: SweepTableOptions = {}): string {
  checkOptions('sweepSql', options, { progressTable: progressTableCheck });
  const { progressTable = defaultProgressTable } = options;
  // Two that make the same table at once would fail, IF NOT EXISTS or not.
  return `
SELECT pg_advisory_xact_lock(hashtextextended('unite.crypto.sweeps', 0));

CREATE TABLE IF NOT EXISTS ${quoteTable(progressTable)} (
  table_name text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  target text NOT NULL,
  last_row_id jsonb,
  is_done boolean NOT NULL,
  scanned bigint NOT NULL,
  rewritten bigint NOT NULL,
  skipped bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (table_name, tenant_id)
);
`;
}
