import type { CutOff, HookReport, ShutdownReport, WorkSource } from '../types';
import { closeHook } from './close-hook';
import type { LifecycleSettings } from './lifecycle-settings';

/** What a shutdown is about. */
export interface ShutdownPlan {
  readonly reason: string;
  /** From the beginning to the end. */
  readonly timeoutMs: number;
  /** Served requests until now, so that somebody may still send some. */
  readonly hasServed: boolean;
  readonly sources: ReadonlySet<WorkSource>;
}

/**
 * Ends a process's work in order: serves on while those who send requests notice, takes no more, ends event streams,
 * waits for requests, closes what they used. Each step has its time, and what is not done by then is cut off.
 *
 * Never rejects.
 */
export async function shutdown(
  { reason, timeoutMs, hasServed, sources }: ShutdownPlan,
  { drain, onDrain, onShutdown, clock }: LifecycleSettings,
): Promise<ShutdownReport> {
  const startedAtMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startedAtMs;
  const requestsTimeoutMs = Math.max(0, timeoutMs - drain.hooksTimeoutMs);
  const lost = { requests: 0, streams: 0 };

  for (const source of sources) attempt(() => source.beginDrain());
  if (hasServed && sources.size > 0) await clock.sleep(Math.min(drain.readinessGraceMs, requestsTimeoutMs));

  const requests = drainSources();
  const streamHooks = await closeTogether();
  for (const source of sources) lost.streams += attempt(() => source.endStreams()) ?? 0;
  await requests;
  for (const source of sources)
    addTo(
      lost,
      attempt(() => source.cutOff()),
    );

  const hooks = [...streamHooks, ...(await closeInOrder())];
  const clean = lost.requests === 0 && hooks.every(({ outcome }) => outcome === 'closed');
  return { reason, clean, durationMs: Math.round(elapsedMs()), lost, hooks };

  async function drainSources(): Promise<void> {
    const timeIsUp = new AbortController();
    const drained = new AbortController();
    const all = Promise.allSettled(Array.from(sources, async (source) => source.drain(timeIsUp.signal)));
    const remainingMs = Math.max(0, requestsTimeoutMs - elapsedMs());
    const limit = clock.sleep(remainingMs, drained.signal).then(
      () => timeIsUp.abort(),
      () => undefined,
    );
    await Promise.race([all, limit]);
    drained.abort();
  }

  /** Together, because they have a short time, and nothing of one needs another. */
  function closeTogether(): Promise<HookReport[]> {
    const hookTimeoutMs = Math.min(drain.streamsTimeoutMs, Math.max(0, requestsTimeoutMs - elapsedMs()));
    return Promise.all(
      onDrain.map((hook, index) => closeHook(hook, placeOf(index, onDrain), hookTimeoutMs, clock)),
    );
  }

  /** One that hangs takes its share of the time that is left, and no other's. */
  async function closeInOrder(): Promise<HookReport[]> {
    const reports: HookReport[] = [];
    for (const [index, hook] of onShutdown.entries()) {
      const shareMs = Math.max(0, timeoutMs - elapsedMs()) / (onShutdown.length - index);
      reports.push(await closeHook(hook, placeOf(index, onShutdown), shareMs, clock));
    }
    return reports;
  }
}

function placeOf(index: number, hooks: readonly unknown[]): string {
  return `${index + 1} of ${hooks.length}`;
}

/** A source that throws is no reason to leave the others running. */
function attempt<Result>(step: () => Result): Result | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

function addTo(sum: { requests: number; streams: number }, more: CutOff | undefined): void {
  sum.requests += more?.requests ?? 0;
  sum.streams += more?.streams ?? 0;
}
