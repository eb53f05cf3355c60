'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { DrillReport, DrillState } from '@/lib/drills/drill-types';
import { fetchJson, isWorthRetrying } from '../fetch-json';

const everyMs = 1_000;

/** Follows a drill while it runs, and not in a hidden tab; once it has ended the screen is read anew. */
export function useDrill(
  first: DrillState,
  atMs: number,
): { readonly drill: DrillState; readonly nowMs: number } {
  const router = useRouter();
  const [seen, setSeen] = useState({ drill: first, nowMs: atMs });
  const { name } = first;

  useEffect(() => {
    const leaving = new AbortController();
    let isUnderWay = false;

    async function ask() {
      if (document.hidden || isUnderWay) return;
      isUnderWay = true;
      try {
        const report = await fetchJson<DrillReport>('/api/drills', { isNews: false, signal: leaving.signal });
        const drill = report.drills.find((each) => each.name === name && each.startedAtMs !== undefined);
        if (drill) setSeen({ drill, nowMs: report.atMs });
        else end();
      } catch (error) {
        if (!leaving.signal.aborted && !isWorthRetrying(error)) end();
      } finally {
        isUnderWay = false;
      }
    }

    function end() {
      clearInterval(timer);
      router.refresh();
    }

    const timer = setInterval(ask, everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [name, router]);

  return seen;
}
