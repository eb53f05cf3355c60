import { readFileSync } from 'node:fs';
import { pgTls } from '@unite/crypto/tls';

/**
 * What `pg` is given for a server: with TLS 1.3 where TLS_CA_FILE says who vouches for it.
 *
 * @param {string} connectionString
 */
export function databaseOptions(connectionString) {
  const file = process.env.TLS_CA_FILE;
  return file ? pgTls(connectionString, { ca: readFileSync(file, 'utf8') }) : { connectionString };
}
