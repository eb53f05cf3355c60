import { expect, test } from '@jest/globals';
import type { KnownNode } from '../../../src/verify/database/known-node-types';
import type { ServerFacts } from '../../../src/verify/database/server-facts';
import { stateFindings } from '../../../src/verify/database/state-findings';

function known(facts: Partial<ServerFacts>): KnownNode {
  return {
    name: 'db-1',
    subject: 'primary db-1',
    node: { name: 'db-1', role: undefined } as KnownNode['node'],
    facts: { usedConnections: 1, maxConnections: 97, clockDifferenceMs: 0, ...facts } as ServerFacts,
  };
}

test('nothing is said of a server with room and the right time', () => {
  expect(stateFindings([known({})], false)).toEqual([]);
});

test('few connections are left', () => {
  expect(stateFindings([known({ usedConnections: 90 })], false)).toEqual([
    {
      subject: 'connections of db-1',
      status: 'warned',
      detail: '90 of 97 are in use',
      remedy: 'Make the pools smaller, put a pooler before it, or raise max_connections.',
      measured: { usedConnections: 90, maxConnections: 97 },
    },
  ]);
});

test.each([
  [1_001, 'is 1001 ms ahead of'],
  [-5_000, 'is 5000 ms behind'],
])('a clock that differs by %d ms', (clockDifferenceMs, detail) => {
  expect(stateFindings([known({ clockDifferenceMs })], false)).toEqual([
    {
      subject: 'clock of db-1',
      status: 'warned',
      detail: `${detail} this machine's`,
      remedy: 'Synchronise the clocks of both machines by NTP.',
      measured: { clockDifferenceMs },
    },
  ]);
});

test('an encrypted connection is proven where it is required', () => {
  expect(stateFindings([known({ isEncrypted: true })], true)).toEqual([
    { subject: 'TLS of db-1', status: 'passed', detail: 'the connection is encrypted' },
  ]);
});
