import { span } from '@unite/tracing';
import { continueTrace } from '@unite/tracing/propagation';
import { apm } from '../apm';
import { write } from '../database/unit-of-work';
import { runAs } from '../run-as';
import { problems } from '../unite';
import { findSender } from './find-sender';
import { sendCampaign } from './send-campaign';
import { claimJob, endJob, giveBack, LeaseLostError, type SendJob } from './send-queue';

const job = 'job send-campaign';

/** In a row. Then it is given up; with the pauses between, an outage of half a minute is waited for. */
const maxAttempts = 6;
const firstPauseMs = 1_000;

export interface SendSignals {
  /** The process ends: finish the batch and give the rest back. */
  readonly draining: AbortSignal;
  /** Its time is up. */
  readonly cutOff: AbortSignal;
}

/**
 * Sends the campaign that has been due for longest, as the person who had it sent.
 *
 * @returns whether there was one
 * @throws DatabaseError when it cannot be known, or not be noted how it went
 */
export async function sendNext(signals: SendSignals): Promise<boolean> {
  const claimed = await claimJob();
  if (!claimed) return false;
  const { tenantId, campaignId, traceparent } = claimed;
  const attributes = { 'unite.tenant_id': tenantId, 'crm.campaign.id': campaignId };
  // A trace of its own that points back: the request is answered long since, for a scheduled one days ago.
  await continueTrace({ traceparent }, () => span(job, attributes, () => workOn(claimed, signals)), {
    as: 'link',
  });
  return true;
}

async function workOn(claimed: SendJob, { draining, cutOff }: SendSignals): Promise<void> {
  const sender = await findSender(claimed);
  await runAs(sender, { job, signal: cutOff }, async () => {
    try {
      await sendCampaign(claimed, draining);
    } catch (error) {
      // Another process goes on with it, and nothing of what was tried here has counted.
      if (error instanceof LeaseLostError) return;
      await tryLater(claimed, error);
    }
  });
}

/** Later, ever more so; or never again. */
async function tryLater(claimed: SendJob, error: unknown): Promise<void> {
  const isRefused = problems.from(error).status === 403;
  if (!isRefused) apm.captureError(error);
  if (!isRefused && claimed.attempts < maxAttempts) {
    const pauseMs = firstPauseMs * 2 ** (claimed.attempts - 1);
    return write((transaction) => giveBack(transaction, claimed, pauseMs));
  }
  const failure = isRefused
    ? 'Whoever had it sent may not send campaigns any more.'
    : `It failed ${maxAttempts} times in a row.`;
  await write(async (transaction) => {
    await transaction
      .updateTable('campaigns')
      .set({ status: 'failed', failure })
      .where('id', '=', claimed.campaignId)
      .execute();
    await endJob(transaction, claimed);
  });
}
