import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { postgresLedger } from '../../src/postgres';
import { event } from './support/event';

/** Messages of PostgreSQL's protocol: a letter, the length, the body. */
function message(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const welcome = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
const goodbye = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);

test('a server that goes away as it welcomes is an outage, and ends no process', async () => {
  // All in one packet, as when the server is killed in that moment.
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([...welcome, goodbye])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'quota', database: 'quota' });
  pool.on('error', () => undefined);

  const ledger = postgresLedger(pool);
  await expect(ledger.append(event(), undefined)).rejects.toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE' });

  await ledger.close();
  await pool.end();
  server.close();
});
