import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { hangUp } from '../../src/node/hang-up';
import { askServer } from '../../src/node/server-report';
import { FakeServer } from '../fake-driver';
import { fakeNode } from '../fake-node';

function ask(server: FakeServer) {
  return fakeNode('db', manualClock(), server).control.ask(askServer, 1_000);
}

it('reads what a primary says, in whatever way the driver parses numbers', async () => {
  const server = new FakeServer({ timeline: '3' as never, lsn: 0x16_0000_0000n });
  server.insertLsn = 0x16_0000_2018n;
  server.commitsAsynchronously = true;
  expect(await ask(server)).toEqual({
    systemId: '7000000000000000001',
    role: 'primary',
    timeline: 3,
    lsn: 0x16_0000_0000n,
    // 24 bytes into a page there is only its header.
    insertLsn: 0x16_0000_2000n,
    isReceiving: false,
    startedAt: server.startedAt,
    backendPid: 1,
    serverVersion: 180_000,
    commitsAsynchronously: true,
    walSegmentBytes: 16_777_216n,
  });
});

it('reads what a replica says, whose next record it does not know', async () => {
  const server = new FakeServer({ isReplica: true, lsn: 0n });
  expect(await ask(server)).toMatchObject({
    role: 'replica',
    lsn: 0n,
    insertLsn: undefined,
    isReceiving: true,
  });
  server.isReceiving = false;
  expect(await ask(server)).toMatchObject({ isReceiving: false });
});

it('never says of a primary that it receives', async () => {
  const client = {
    query: async () => ({
      rows: [
        {
          is_replica: false,
          is_receiving: true,
          lsn: 'nonsense',
          insert_lsn: null,
          wal_segment_bytes: '1048576',
        },
      ],
    }),
  };
  expect(await askServer(client as never)).toMatchObject({ role: 'primary', isReceiving: false, lsn: 0n });
});

it('hangs up where there is something to hang up', () => {
  let hungUp = 0;
  hangUp({
    connection: {
      stream: {
        destroy: () => {
          hungUp += 1;
        },
      },
    },
  } as never);
  for (const client of [{}, { connection: {} }, { connection: { stream: {} } }]) hangUp(client as never);
  expect(hungUp).toBe(1);
});
