import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding, VerifyRun } from '@unite/core';
import type { ReadBack } from './verify-types';

interface Wanted extends Pick<VerifyRun, 'signal' | 'note'> {
  readonly subject: string;
  readonly traceId: string;
  readonly readBack: ReadBack;
  readonly minSpans: number;
}

/** Receivers write in their own time. */
const askEveryMs = 250;
const patienceMs = 10_000;

/** Asks the receiver until it has the trace. */
export async function awaitTrace({
  subject,
  traceId,
  readBack,
  minSpans,
  signal,
  note,
}: Wanted): Promise<Finding> {
  const startedAtMs = performance.now();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  note(`trace ${traceId} is looked for at the receiver`);
  let spans = 0;
  let trouble: unknown;
  while (!patience.aborted) {
    try {
      spans = await readBack(traceId, patience);
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (spans >= minSpans) {
      const foundAfterMs = Math.round(performance.now() - startedAtMs);
      return {
        subject,
        status: 'passed',
        detail: `trace ${traceId} was read back from the receiver`,
        measured: { spans, foundAfterMs },
      };
    }
    await sleep(askEveryMs, undefined, { signal: patience }).catch(() => {});
  }
  return trouble === undefined
    ? {
        subject,
        status: 'failed',
        detail: `trace ${traceId} has ${spans} of at least ${minSpans} spans at the receiver after ${patienceMs / 1_000} s`,
        remedy: 'Look whether the receiver stores what it takes, and whether a sampler drops it',
        measured: { spans },
      }
    : {
        subject,
        status: 'failed',
        detail: `the receiver cannot be asked: ${trouble instanceof Error ? trouble.message : String(trouble)}`,
        remedy: 'Correct the address of readBack: the query API of Jaeger is at port 16686',
      };
}
