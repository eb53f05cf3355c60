import { failureWords } from './failure-words';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and what drivers and clusters have codes for. */
const postgresWords: Readonly<Record<string, string>> = {
  '28000': 'refuses the login',
  '28P01': 'refuses the login',
  '3D000': 'has no such database',
  '53300': 'has no connection left',
  '57P01': 'shuts down',
  '57P02': 'shuts down',
  '57P03': 'starts or shuts down',
  POOL_WAIT: 'no free connection in time',
  CONNECT_WAIT: 'cannot be reached',
  POOL_ENDED: 'the pool is closed',
  UNITE_DB_CLOSED: 'the cluster is closed',
};

/** What the driver has no codes for. */
const driverMessages: readonly (readonly [RegExp, string])[] = [
  [/^timeout exceeded when trying to connect/, 'POOL_WAIT'],
  [/^Connection terminated due to connection timeout/, 'CONNECT_WAIT'],
  [/^Connection terminated/, 'ECONNRESET'],
  [/^Cannot use a pool after calling end/, 'POOL_ENDED'],
];

/** Why PostgreSQL did not answer, without a host or a user. */
export function postgresFailure(error: unknown): string {
  return failureWords(
    error,
    postgresWords,
    (message) => driverMessages.find(([pattern]) => pattern.test(message))?.[1],
  );
}
