import { describe, expect, it } from '@jest/globals';
import { RecentInvalidations } from '../../src/log/recent-invalidations';

describe('RecentInvalidations', () => {
  it('knows nothing before the log was read', () => {
    const recent = new RecentInvalidations();
    expect(recent.areSince(['ta'], 1e16)).toBe(false);
    recent.beginAt(100);
    expect(recent.areSince(['ta'], 99)).toBe(false);
    expect(recent.areSince(['ta'], 100)).toBe(true);
  });

  it('keeps the last invalidation of each name, in whatever order they come', () => {
    const recent = new RecentInvalidations();
    recent.beginAt(100);
    recent.note(['ta', 'tb'], 120);
    recent.note(['ta'], 110);
    expect(recent.areSince(['ta'], 115)).toBe(false);
    expect(recent.areSince(['ta'], 120)).toBe(true);
    expect(recent.areSince(['tc', 'tb'], 119)).toBe(false);
    recent.beginAt(200);
    expect(recent.areSince(['ta'], 150)).toBe(false);
    expect(recent.areSince(['ta'], 200)).toBe(true);
  });

  it('says of nothing older than what it has forgotten, or than a pattern, that it is valid', () => {
    const recent = new RecentInvalidations();
    recent.beginAt(0);
    for (let at = 1; at <= 10_001; at += 1) recent.note([`t${at}`], at);
    expect(recent.areSince(['tother'], 0)).toBe(false);
    expect(recent.areSince(['tother'], 1)).toBe(true);
    recent.note(['pcontacts:*'], 20_000);
    expect(recent.areSince(['tother'], 19_999)).toBe(false);
    expect(recent.areSince(['tother'], 20_000)).toBe(true);
  });
});
