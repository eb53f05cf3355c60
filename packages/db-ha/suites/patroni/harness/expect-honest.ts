import { expect } from '@jest/globals';
import { type Audit, audit } from './ledger';
import type { PatroniMember } from './patroni-member';
import type { Load } from './start-load';

/** Whatever happened: every read was answered, none was stale, and nobody was told anything untrue of a write. */
export async function expectHonest(load: Load, leader: PatroniMember): Promise<Audit> {
  const report = await audit(leader, load.writes);
  expect(load.failedReads).toEqual([]);
  expect(load.strangeErrors).toEqual([]);
  expect(load.staleReads).toBe(0);
  expect(report).toMatchObject({ lost: 0, duplicated: 0, undead: 0 });
  return report;
}
