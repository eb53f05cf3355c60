'use client';

import { parseProblem } from '@unite/problem/client';
import { useCallback, useEffect, useState } from 'react';
import type { UsageDocument } from '@/lib/usage/usage-document';
import type { LiveSignProps } from '../live-sign';

const address = '/api/usage';
/** The browser connects again by itself, but not after it was refused. */
const retryMs = 3_000;

/** What the screen shows, and whether more is coming. */
export interface LiveUsage extends Pick<LiveSignProps, 'mode' | 'reason' | 'togglePause'> {
  /** Absent as long as nothing could be read. */
  readonly usage: UsageDocument | undefined;
}

/** Follows the stream of the workspace's usage while somebody looks: not in a hidden tab, not while paused. */
export function useUsage(first: UsageDocument | undefined): LiveUsage {
  const [usage, setUsage] = useState(first);
  const [mode, setMode] = useState<LiveSignProps['mode']>(first ? 'live' : 'silent');
  const [reason, setReason] = useState<string>();
  const isFollowing = mode === 'live' || mode === 'silent';

  useEffect(() => {
    if (!isFollowing) return;
    let stream: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopping = new AbortController();

    function follow() {
      stop();
      if (document.hidden) return;
      stopping = new AbortController();
      stream = new EventSource(address);
      stream.onopen = () => setMode('live');
      stream.onmessage = ({ data }) => {
        setUsage(JSON.parse(data) as UsageDocument);
        setMode('live');
      };
      stream.onerror = () => {
        setMode('silent');
        if (stream?.readyState === EventSource.CLOSED) void askWhy();
      };
    }

    /** A stream does not say why it was refused; the document does. */
    async function askWhy() {
      const { signal } = stopping;
      const response = await fetch(address, { signal }).catch(() => undefined);
      const isRefused = response?.status === 401 || response?.status === 403;
      const problem = isRefused ? await parseProblem(response) : undefined;
      if (signal.aborted) return;
      if (!isRefused) {
        timer = setTimeout(follow, retryMs);
        return;
      }
      setReason(problem?.title);
      setMode('ended');
    }

    function stop() {
      clearTimeout(timer);
      stream?.close();
      stopping.abort();
    }

    function lose() {
      stop();
      setMode('silent');
    }

    follow();
    document.addEventListener('visibilitychange', follow);
    window.addEventListener('online', follow);
    // A connection that is gone may take minutes to say so.
    window.addEventListener('offline', lose);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', follow);
      window.removeEventListener('online', follow);
      window.removeEventListener('offline', lose);
    };
  }, [isFollowing]);

  const togglePause = useCallback(() => setMode((before) => (before === 'paused' ? 'live' : 'paused')), []);
  return { usage, mode, reason, togglePause };
}
