export { postgresLedger } from './postgres-ledger';
export type {
  LedgerTablesOptions,
  PgClientLike,
  PgPoolLike,
  PostgresLedger,
  PostgresLedgerOptions,
} from './postgres-types';
export { quotaLedgerSql } from './quota-ledger-sql';
