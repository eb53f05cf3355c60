import { expects, optionChecks } from '@unite/shared';
import { clientTlsOf } from '../client-tls';
import { pgTlsOf } from '../pg-tls';
import type { PgClientLike, PgHopOptions } from '../posture-types';
import { serviceUrl } from '../service-url';
import { aborted } from './aborted';
import { checkHopOptions } from './hop-options';
import { startsInPlaintext, turnToTls } from './pg-wire';
import type { Target } from './probe';

/** A PostgreSQL server to be looked at. */
export interface PgTarget extends Target {
  readonly address: string;
  /** Asks it one thing, on a connection as the application makes it. */
  ask(text: string, signal: AbortSignal): Promise<readonly unknown[]>;
}

/** @throws TypeError, and CryptoError for a URL that would weaken the connection */
export function pgTarget(owner: string, options: PgHopOptions, replication: boolean): PgTarget {
  const further = {
    Client: expects('pg.Client', (value) => typeof value === 'function'),
    ...(replication && { query: optionChecks.string }),
  };
  checkHopOptions(owner, options, further, ['Client']);
  const { Client } = options;
  const { connectionString, ssl } = pgTlsOf(owner, options.url, options);
  const { url, host, port } = serviceUrl(owner, connectionString, { 'postgres:': 5432, 'postgresql:': 5432 });
  const user = decodeURIComponent(url.username);
  const database = decodeURIComponent(url.pathname.slice(1)) || user;
  return {
    address: `${url.hostname}:${port}`,
    host,
    port,
    servername: options.servername ?? host,
    tls: clientTlsOf(owner, options),
    preface: turnToTls,
    tryPlaintext: (socket) => startsInPlaintext(socket, { user, database, replication }),
    ask: (text, signal) => {
      const make = () =>
        new Client({
          connectionString,
          ssl,
          connectionTimeoutMillis: 3_000,
          query_timeout: 3_000,
          application_name: 'unite-tls-posture',
        });
      return Promise.race([askOnce(make, text, signal), aborted(signal)]);
    },
  };
}

async function askOnce(
  make: () => PgClientLike,
  text: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  signal.throwIfAborted();
  const client = make();
  // A server that ends under it is told by the next call.
  client.on('error', () => {});
  const end = (): void => void client.end().catch(() => {});
  signal.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
