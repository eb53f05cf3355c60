import { readFileSync } from 'node:fs';
import { clientTls, type RedisTls, redisTls } from '@unite/crypto/tls';
import { env } from './env';

// What connections are made with: TLS 1.3 alone where somebody vouches for the servers, else whatever their URLs say.

/** PEM of whoever vouches for the servers. */
export const authority =
  env.tlsCaFile === undefined ? undefined : readFileSync(/* turbopackIgnore: true */ env.tlsCaFile, 'utf8');

/** For the pools of `pg`. */
export const databaseTls = authority === undefined ? undefined : clientTls({ ca: authority });

/** For a client of `redis`. @throws CryptoError for `redis://…`, where somebody vouches */
export function redisSocket(url: string): RedisTls['socket'] | undefined {
  return authority === undefined ? undefined : redisTls(url, { ca: authority }).socket;
}
