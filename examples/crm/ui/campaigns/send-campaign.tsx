'use client';

import { useId, useRef, useState } from 'react';
import type { Campaign, CampaignStatus } from '@/lib/campaigns/campaign-types';
import styles from '../dialog.module.css';
import { fetchJson, reasonOf } from '../fetch-json';

const words: Partial<Record<CampaignStatus, string>> = { scheduled: 'Send now', failed: 'Try again' };

/** Sends a campaign, after it has said to how many. */
export function SendCampaign({
  campaign,
  audienceSize,
  onStarted,
}: {
  readonly campaign: Campaign;
  readonly audienceSize: number;
  readonly onStarted: (campaign: Campaign) => void;
}) {
  const { id, name, status, recipients, delivered } = campaign;
  const dialog = useRef<HTMLDialogElement>(null);
  /** Of this attempt, also where nobody knows whether it arrived. */
  const idempotencyKey = useRef<string>(undefined);
  const titleId = useId();
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<string>();
  const left = recipients === null ? audienceSize : recipients - delivered;
  const people = `${left.toLocaleString('en')} ${left === 1 ? 'contact' : 'contacts'}`;
  const word = words[status] ?? 'Send';

  async function send() {
    if (isPending) return;
    setPending(true);
    setFailure(undefined);
    // Over plain HTTP to another machine browsers have no randomUUID.
    idempotencyKey.current ??= crypto.randomUUID?.();
    const headers = idempotencyKey.current ? { 'idempotency-key': idempotencyKey.current } : {};
    try {
      const started = await fetchJson<Campaign>(`/api/campaigns/${id}/send`, {
        method: 'POST',
        headers,
        isNews: true,
      });
      idempotencyKey.current = undefined;
      dialog.current?.close();
      onStarted(started);
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setPending(false);
  }

  return (
    <>
      <button type="button" className="button" onClick={() => dialog.current?.showModal()}>
        {word}
        <span className="hidden-visually"> {name}</span>
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby={titleId}>
        <h2 id={titleId}>
          {word} “{name}”?
        </h2>
        <p>
          {left === 0
            ? 'Nobody is in its audience now. It would count as sent all the same.'
            : `${people} get it. That cannot be taken back.`}{' '}
          The demo delivers to its own outbox: no mail leaves this machine.
        </p>
        {failure && (
          <p role="alert" className={styles.failure}>
            {failure}
          </p>
        )}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="button"
            className="button button-primary"
            onClick={send}
            aria-disabled={isPending || undefined}
          >
            {isPending ? 'Starting…' : `Send to ${people}`}
          </button>
        </div>
      </dialog>
    </>
  );
}
