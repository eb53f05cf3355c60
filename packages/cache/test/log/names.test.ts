import { describe, expect, it } from '@jest/globals';
import { isSince, LogView } from '../../src/log/log-view';
import { Names } from '../../src/log/names';

describe('Names', () => {
  it('is bounded by what is held', () => {
    const names = new Names();
    const one = names.hold('ta');
    const same = names.hold('ta');
    expect(same).toBe(one);
    names.release([one]);
    expect(names.invalidate('ta', 5)).toBe(true);
    expect(one.invalidatedAt).toBe(5);
    names.release([same]);
    expect(names.size).toBe(0);
    expect(names.invalidate('ta', 6)).toBe(false);
    expect(names.hold('ta').invalidatedAt).toBe(0);
  });

  it('never goes back', () => {
    const names = new Names();
    const name = names.hold('ta');
    names.invalidate('ta', 5);
    names.invalidate('ta', 3);
    expect(name.invalidatedAt).toBe(5);
    expect(isSince([name], 4)).toBe(false);
    expect(isSince([name], 5)).toBe(true);
  });
});

describe('LogView', () => {
  it('invalidates the held keys that match a pattern', () => {
    const names = new Names();
    const view = new LogView(names, 1_000);
    const [one, other, tag] = ['kcontacts:1', 'kprofile:1', 'tcontacts:1'].map((text) => names.hold(text));
    view.invalidate(['pcontacts:*'], 7);
    expect([one, other, tag].map((name) => name?.invalidatedAt)).toEqual([7, 0, 0]);
    expect(view.tick).toBe(1);
    view.invalidate(['pnobody:*', 'tnobody'], 9);
    expect(view.tick).toBe(1);
    expect(view.position).toBe(9);
  });

  it('trusts what the log, or the layer itself, has confirmed within the bound', () => {
    const view = new LogView(new Names(), 1_000);
    expect(view.isTrusted(0, 1_000)).toBe(true);
    expect(view.isTrusted(0, 1_001)).toBe(false);
    view.syncedAtMs = 500;
    expect(view.isTrusted(0, 1_500)).toBe(true);
    expect(view.isTrusted(0, 1_501)).toBe(false);
  });
});
