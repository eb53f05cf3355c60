import { rootCertificates } from 'node:tls';
import { httpsHop, pgHop, pgReplicationHop, redisHop, type TlsHopCheck } from '@unite/crypto/tls';
import pg from 'pg';
import { env } from '../env';
import { authority } from '../tls';

/** Every way that the application's data takes, to be looked at. Nothing is connected to yet. */
export function tlsHops(): TlsHopCheck[] {
  const { databaseNodes, publicUrl, redisUrl } = env;
  const ca = authority === undefined ? undefined : [authority, ...rootCertificates];
  const nodes = databaseNodes.map(({ url }) => ({ url, ca: authority, Client: pg.Client }));
  return [
    httpsHop({ url: publicUrl, ca, from: 'browser', name: 'Website' }),
    ...nodes.map((node) => pgHop(node)),
    // Whichever is the primary now. Without TLS there is nobody to be asked, as that would take the password.
    ...(authority === undefined
      ? []
      : nodes.map((node) => pgReplicationHop({ ...node, query: 'select * from public.tls_of_standbys()' }))),
    ...(redisUrl === undefined ? [] : [redisHop({ url: redisUrl, ca: authority })]),
  ];
}
