import { randomInt } from 'node:crypto';
import { checkLoadOptions } from './check-load-options';
import type { LoadObjectives, LoadOptions, LoadProgress } from './load-types';
import { type PreparedRequest, prepareRequest } from './prepared-request';

/** A run, with nothing left open. */
export interface LoadPlan {
  readonly target: URL;
  readonly requests: readonly PreparedRequest[];
  readonly users: number;
  readonly thinkMs: readonly [number, number];
  readonly durationMs: number;
  readonly rampMs: number;
  readonly timeoutMs: number;
  readonly objectives: LoadObjectives;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: LoadProgress) => void) | undefined;
}

/** @throws TypeError that names the option and what it got */
export function planLoad(options: LoadOptions): LoadPlan {
  checkLoadOptions(options);
  const target = new URL(options.target);
  const { durationMs = 30_000, headers = {} } = options;
  const requests = options.requests ?? [{ path: `${target.pathname}${target.search}` }];
  return {
    target,
    requests: requests.map((request) => prepareRequest(request, headers)),
    users: options.users ?? 10,
    thinkMs: options.thinkMs ?? [3_000, 5_000],
    durationMs,
    rampMs: options.rampMs ?? durationMs / 10,
    timeoutMs: options.timeoutMs ?? 30_000,
    objectives: options.objectives ?? {},
    seed: options.seed ?? randomInt(2 ** 32),
    signal: options.signal,
    onProgress: options.onProgress,
  };
}
