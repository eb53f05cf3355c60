'use client';

import { useRef } from 'react';
import type { Campaign, CampaignStatus } from '@/lib/campaigns/campaign-types';
import { ConfirmDialog } from '../confirm-dialog';
import { fetchJson, reasonOf } from '../fetch-json';

const words: Partial<Record<CampaignStatus, string>> = { scheduled: 'Send now', failed: 'Try again' };

interface SendCampaignProps {
  readonly campaign: Campaign;
  readonly audienceSize: number;
  readonly onStarted: (campaign: Campaign) => void;
}

/** Sends a campaign, after it has said to how many. */
export function SendCampaign({ campaign, audienceSize, onStarted }: SendCampaignProps) {
  const { id, name, status, recipients, delivered } = campaign;
  /** Of this attempt, also where nobody knows whether it arrived. */
  const idempotencyKey = useRef<string>(undefined);
  const left = recipients === null ? audienceSize : recipients - delivered;
  const people = `${left.toLocaleString('en')} ${left === 1 ? 'contact' : 'contacts'}`;
  const word = words[status] ?? 'Send';

  async function send(): Promise<string | undefined> {
    // Over plain HTTP to another machine browsers have no randomUUID.
    idempotencyKey.current ??= crypto.randomUUID?.();
    const headers = idempotencyKey.current ? { 'idempotency-key': idempotencyKey.current } : {};
    try {
      const url = `/api/campaigns/${id}/send`;
      onStarted(await fetchJson<Campaign>(url, { method: 'POST', headers, isNews: true }));
      idempotencyKey.current = undefined;
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  return (
    <ConfirmDialog
      title={`${word} “${name}”?`}
      confirmLabel={`Send to ${people}`}
      pendingLabel="Starting…"
      confirmClass="button-primary"
      onConfirm={send}
      opener={(open) => (
        <button type="button" className="button" onClick={open}>
          {word}
          <span className="hidden-visually"> {name}</span>
        </button>
      )}
    >
      {left === 0
        ? 'Nobody is in its audience now. It would count as sent all the same.'
        : `${people} get it. That cannot be taken back.`}{' '}
      The demo delivers to its own outbox: no mail leaves this machine.
    </ConfirmDialog>
  );
}
