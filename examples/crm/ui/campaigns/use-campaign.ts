'use client';

import { useEffect, useState } from 'react';
import type { Campaign } from '@/lib/campaigns/campaign-types';
import { fetchJson, isWorthRetrying } from '../fetch-json';
import { flash } from '../flash';

const everyMs = 1_000;
const everyMsAtMost = 16_000;
/** A browser's timers hold no more: about 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Follows a campaign while it is sent, and from when it is due: asks every second, more rarely while there is nothing new
 * or no answer, and not in a hidden tab. Only how it ended is said aloud.
 */
export function useCampaign(first: Campaign): readonly [Campaign, (campaign: Campaign) => void] {
  const [campaign, setCampaign] = useState(first);
  const { id, status, sendAt } = campaign;

  useEffect(() => {
    if (status !== 'sending' && status !== 'scheduled') return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitMs = everyMs;
    let seen = '';
    let isUnderWay = false;

    async function ask() {
      clearTimeout(timer);
      if (document.hidden || isUnderWay) return;
      const untilDueMs = status === 'scheduled' && sendAt ? Date.parse(sendAt) - Date.now() : 0;
      if (untilDueMs > 0) {
        timer = setTimeout(ask, Math.min(untilDueMs, longestTimerMs));
        return;
      }
      isUnderWay = true;
      try {
        const now = await fetchJson<Campaign>(`/api/campaigns/${id}`, {
          isNews: false,
          signal: leaving.signal,
        });
        const text = JSON.stringify(now);
        waitMs = text === seen ? Math.min(waitMs * 2, everyMsAtMost) : everyMs;
        seen = text;
        sayHowItEnded(now);
        setCampaign(now);
      } catch (error) {
        if (leaving.signal.aborted || !isWorthRetrying(error)) return;
        waitMs = Math.min(waitMs * 2, everyMsAtMost);
      } finally {
        isUnderWay = false;
      }
      // A later status has an effect of its own.
      if (!leaving.signal.aborted) timer = setTimeout(ask, waitMs);
    }

    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [id, status, sendAt]);

  return [campaign, setCampaign];
}

function sayHowItEnded({ name, status, delivered, failure }: Campaign): void {
  if (status === 'sent') flash(`“${name}” was delivered to ${delivered.toLocaleString('en')} contacts`);
  if (status === 'failed') flash(`“${name}” was not sent to everybody. ${failure ?? ''}`);
}
