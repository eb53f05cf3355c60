import { describe, expect, test } from '@jest/globals';
import { StallLog } from '../../src/load/stall-log';

const newLog = () => new StallLog(1_000, 11_000, (atMs) => atMs / 100);

describe('StallLog', () => {
  test('tells when something was under way and nothing answered', () => {
    const log = newLog();
    log.sent(2_000);
    log.sent(2_100);
    log.answered(2_050, false);
    log.answered(2_300, true);
    expect(log.stalls).toEqual([{ atMs: 1_050, durationMs: 250, waiting: 23 }]);
  });

  test('does not take silence for a stall while nobody asks', () => {
    const log = newLog();
    log.sent(2_000);
    log.answered(2_010, true);
    log.sent(9_000);
    log.answered(9_240, true);
    expect(log.stalls).toEqual([]);
  });

  test('begins no earlier than the measured time, and not after it', () => {
    const log = newLog();
    log.sent(0);
    log.answered(1_300, true);
    log.sent(10_900);
    log.answered(11_400, false);
    log.answered(12_000, true);
    expect(log.stalls.map(({ atMs, durationMs }) => [atMs, durationMs])).toEqual([
      [0, 300],
      [9_900, 500],
    ]);
  });

  test('ends one that lasts until the run ends', () => {
    const log = newLog();
    log.sent(5_000);
    log.close(8_000);
    expect(log.stalls).toEqual([{ atMs: 4_000, durationMs: 3_000, waiting: 80 }]);
    newLog().close(8_000);
  });

  test('keeps the ten longest, in the order of time', () => {
    const log = newLog();
    log.sent(1_000);
    const lengths = [300, 900, 310, 320, 330, 340, 350, 360, 370, 380, 390, 400];
    let nowMs = 1_000;
    for (const length of lengths) {
      nowMs += length;
      log.answered(nowMs, false);
    }
    expect(log.stalls.map(({ durationMs }) => durationMs)).toEqual(lengths.filter((length) => length > 310));
  });
});
