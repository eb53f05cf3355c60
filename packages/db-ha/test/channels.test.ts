import { channel, tracingChannel } from 'node:diagnostics_channel';
import { expect, it } from '@jest/globals';
import { changeChannel, queryChannel, transactionChannel } from '../src/channels';
import { newCounts } from '../src/counts';

it('are those that subscribers find by name', () => {
  expect(queryChannel?.start).toBe(tracingChannel('unite:db-ha:query').start);
  expect(transactionChannel?.start).toBe(tracingChannel('unite:db-ha:transaction').start);
  expect(changeChannel).toBe(channel('unite:db-ha:change'));
});

it('counts begin at zero, for each cluster by itself', () => {
  const counts = newCounts();
  counts.failovers += 1;
  expect(new Set(Object.values(newCounts()))).toEqual(new Set([0]));
});
