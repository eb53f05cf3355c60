'use client';

import { useEffect, useRef, useState } from 'react';
import type { ContactScore } from '@/lib/scoring/score-types';
import type { Failure } from '../form/use-problem-form';
import { readScore } from './read-score';

export interface Scoring {
  /** What the model has said so far; absent while nobody asks it. */
  readonly heard: string | undefined;
  /** The last answer, which a failure leaves as it was. */
  readonly answer: ContactScore | undefined;
  readonly failure: Failure | undefined;
  readonly isCancelled: boolean;
  ask(): Promise<void>;
  cancel(): void;
}

/** Asks for a score, one at a time. Who leaves the screen takes the question back. */
export function useScore(contactId: string, onScored: () => void): Scoring {
  const [heard, setHeard] = useState<string>();
  const [answer, setAnswer] = useState<ContactScore>();
  const [failure, setFailure] = useState<Failure>();
  const [isCancelled, setCancelled] = useState(false);
  const asking = useRef<AbortController>(undefined);

  useEffect(() => () => asking.current?.abort(), []);

  async function ask() {
    if (asking.current) return;
    const leaving = new AbortController();
    asking.current = leaving;
    setHeard('');
    setFailure(undefined);
    setCancelled(false);
    const onReason = (text: string) => setHeard((before = '') => before + text);
    const outcome = await readScore(contactId, { signal: leaving.signal, onReason }).catch(
      (): Failure => ({ kind: 'offline' }),
    );
    asking.current = undefined;
    setHeard(undefined);
    if (leaving.signal.aborted) return setCancelled(true);
    if (outcome.kind !== 'scored') return setFailure(outcome);
    setAnswer(outcome.score);
    onScored();
  }

  return { heard, answer, failure, isCancelled, ask, cancel: () => asking.current?.abort() };
}
