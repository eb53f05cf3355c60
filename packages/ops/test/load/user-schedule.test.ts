import { describe, expect, test } from '@jest/globals';
import { Random, seedOf } from '../../src/load/random';
import { UserSchedule } from '../../src/load/user-schedule';

const thinkMs = [3_000, 5_000] as const;

function scheduleOf(user: number, seed = 7, think: readonly [number, number] = thinkMs): UserSchedule {
  return new UserSchedule(0, think, new Random(seedOf(seed, user)));
}

function duesUntil(endMs: number, schedule: UserSchedule): number[] {
  const dues: number[] = [];
  schedule.next(0);
  while (schedule.dueAtMs < endMs) {
    dues.push(schedule.dueAtMs);
    schedule.next(0);
  }
  return dues;
}

describe('UserSchedule', () => {
  test('has the rate of its think time in every second, from the first one', () => {
    const users = 20_000;
    const perSecond = Array.from({ length: 12 }, () => 0);
    for (const user of Array.from({ length: users }).keys()) {
      for (const dueAtMs of duesUntil(12_000, scheduleOf(user))) {
        const second = Math.floor(dueAtMs / 1_000);
        perSecond[second] = (perSecond[second] ?? 0) + 1;
      }
    }
    for (const count of perSecond) expect(Math.abs(count / (users / 4) - 1)).toBeLessThan(0.05);
  });

  test('leaves a think time between two requests, whatever ends when', () => {
    const schedule = scheduleOf(1);
    schedule.next(0);
    const gapsMs = Array.from({ length: 1_000 }, () => {
      const before = schedule.dueAtMs;
      schedule.next(1e9);
      return schedule.dueAtMs - before;
    });
    expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(3_000);
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(5_000);
    expect(gapsMs.reduce((sum, gap) => sum + gap, 0) / 1_000).toBeCloseTo(4_000, -2);
  });

  test('is the same for the same seed, and another for another user or seed', () => {
    const dues = duesUntil(60_000, scheduleOf(3));
    expect(duesUntil(60_000, scheduleOf(3))).toEqual(dues);
    expect(duesUntil(60_000, scheduleOf(4))).not.toEqual(dues);
    expect(duesUntil(60_000, scheduleOf(3, 8))).not.toEqual(dues);
  });

  test('knows how many are due without going on', () => {
    const schedule = scheduleOf(5);
    const dues = duesUntil(100_000, scheduleOf(5));
    expect(schedule.dueAfterThisBy(50_000)).toBe(dues.filter((dueAtMs) => dueAtMs <= 50_000).length);
    schedule.next(0);
    expect(schedule.dueAtMs).toBe(dues[0]);
    expect(schedule.dueAfterThisBy(50_000)).toBe(dues.filter((dueAtMs) => dueAtMs <= 50_000).length - 1);
    expect(scheduleOf(5, 7, [0, 0]).dueAfterThisBy(50_000)).toBe(0);
  });

  test('goes on when the last has ended, where there is no think time', () => {
    const schedule = scheduleOf(6, 7, [0, 0]);
    expect(schedule.count).toBe(1);
    schedule.next(1_234);
    expect(schedule.dueAtMs).toBe(1_234);
    expect(schedule.count).toBe(2);
  });
});
