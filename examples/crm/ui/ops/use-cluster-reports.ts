'use client';

import { parseProblem } from '@unite/problem/client';
import { useCallback, useEffect, useState } from 'react';
import type { ClusterReport } from '@/lib/ops/cluster-report';

const everyMs = 1_000;
/** The application keeps its last answers in view for a while before it is called silent. */
const timeoutMs = 4_000;
const keptReports = 121;

/** What the screen shows, and whether more is coming. */
export interface ClusterReports {
  /** Oldest first; what came before the oldest is not kept. */
  readonly reports: readonly ClusterReport[];
  readonly latest: ClusterReport;
  /** `ended`: the server wants no more questions, and `reason` says why. */
  readonly mode: 'live' | 'silent' | 'paused' | 'ended';
  readonly reason: string | undefined;
  togglePause(): void;
}

/** Asks once a second while somebody looks: not in a hidden tab, not while paused. */
export function useClusterReports(first: ClusterReport): ClusterReports {
  const [reports, setReports] = useState<readonly ClusterReport[]>([first]);
  const [mode, setMode] = useState<ClusterReports['mode']>('live');
  const [reason, setReason] = useState<string>();
  const isAsking = mode === 'live' || mode === 'silent';

  useEffect(() => {
    if (!isAsking) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isUnderWay = false;

    async function ask() {
      clearTimeout(timer);
      if (document.hidden || isUnderWay) return;
      isUnderWay = true;
      try {
        const response = await fetch('/api/ops/cluster', {
          headers: { accept: 'application/json' },
          signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(timeoutMs)]),
        });
        const problem = await parseProblem(response.clone());
        if (response.status === 401 || response.status === 403) {
          setReason(problem?.title);
          setMode('ended');
          return;
        }
        if (!response.ok) throw new Error(`status ${response.status}`);
        const report: ClusterReport = await response.json();
        setReports((before) => [...before, report].slice(-keptReports));
        setMode('live');
      } catch {
        if (leaving.signal.aborted) return;
        setMode('silent');
      } finally {
        isUnderWay = false;
      }
      timer = setTimeout(ask, everyMs);
    }

    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [isAsking]);

  const togglePause = useCallback(() => setMode((before) => (before === 'paused' ? 'live' : 'paused')), []);
  return { reports, latest: reports.at(-1) ?? first, mode, reason, togglePause };
}
