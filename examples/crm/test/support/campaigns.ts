import type { StoredTrace } from '@unite/tracing/store';
import type { Page } from 'playwright-core';
import type { Campaign } from '../../lib/campaigns/campaign-types';
import { type Answer, type ApiOptions, api, signIn } from './api';

const patienceMs = 60_000;

export async function create(json: object, options: ApiOptions = {}): Promise<Campaign> {
  return campaignIn(await api('/api/campaigns', { method: 'POST', json, ...options }));
}

export function post(json: object, headers: Record<string, string> = {}): Promise<Answer> {
  return api('/api/campaigns', { method: 'POST', json, headers });
}

export function send(id: string, options: ApiOptions = {}): Promise<Answer> {
  return api(`/api/campaigns/${id}/send`, { method: 'POST', ...options });
}

export function campaignIn({ text }: { readonly text: string }): Campaign {
  return JSON.parse(text) as Campaign;
}

export async function untilEnded(id: string, workspace = 'harbour'): Promise<Campaign> {
  for (const deadlineAtMs = Date.now() + patienceMs; ; ) {
    const campaign = campaignIn(await api(`/api/campaigns/${id}`, { workspace }));
    if (campaign.status === 'sent' || campaign.status === 'failed') return campaign;
    if (Date.now() > deadlineAtMs) throw new Error(`It has not ended: ${JSON.stringify(campaign)}`);
  }
}

/** From whichever process has sent it: each knows its own traces alone. */
export async function traceOf(traceId: string): Promise<StoredTrace> {
  const { TEST_ORIGIN, TEST_DEGRADED_ORIGIN, TEST_CLOSED_ORIGIN } = process.env;
  const cookie = await signIn('harbour-imani');
  for (const deadlineAtMs = Date.now() + patienceMs; Date.now() < deadlineAtMs; ) {
    for (const origin of [TEST_ORIGIN, TEST_DEGRADED_ORIGIN, TEST_CLOSED_ORIGIN]) {
      const { status, text } = await api(`/api/ops/traces/${traceId}`, { origin, cookie });
      if (status === 200) return JSON.parse(text) as StoredTrace;
    }
  }
  throw new Error(`Nobody has the trace "${traceId}"`);
}

/** In the form at /campaigns: creates one for everybody, and asks for it to be sent. */
export async function fillInAndSend(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Subject line').fill('What is new');
  await page.getByLabel('Audience').selectOption('everyone');
  await page.getByLabel('Send at').fill('');
  await page.getByRole('button', { name: 'Create campaign' }).click();
  await page.getByRole('button', { name: `Send ${name}` }).click();
}
