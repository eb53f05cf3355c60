import { openChannel, openTracingChannel } from '@unite/shared';
import type { QuotaHealthMessage, QuotaLostMessage, QuotaUseMessage } from './channel-types';
import type { Ask } from './engine/ask';
import type { Priced } from './engine/pricing';

/** `unite:quota:check`: one decision. */
export const checkChannel = openTracingChannel('unite:quota:check');

/** `unite:quota:reserve`: one decision whose use is settled later. */
export const reserveChannel = openTracingChannel('unite:quota:reserve');

/** `unite:quota:settle`: a commit or a release. */
export const settleChannel = openTracingChannel('unite:quota:settle');

const useChannel = openChannel('unite:quota:use');
const healthChannel = openChannel('unite:quota:health');
const lostChannel = openChannel('unite:quota:lost');

/** `unite:quota:use`: a plain channel; what was used, by whom, and what it cost. */
export function publishUse(
  quota: string,
  { plan, tenantId, route, use }: Pick<Ask, 'plan' | 'tenantId' | 'route' | 'use'>,
  { lines, isUnpriced }: Pick<Priced, 'lines' | 'isUnpriced'>,
): void {
  if (!useChannel?.hasSubscribers) return;
  const costs = lines.map(({ unit, model = '', amount, costNanoUsd }) => ({
    unit,
    model,
    amount,
    costNanoUsd: costNanoUsd ?? 0n,
    isUnpriced: costNanoUsd === null,
  }));
  const message = { quota, plan: plan.name, tenantId, route, use, isUnpriced, costs };
  useChannel.publish(message satisfies QuotaUseMessage);
}

/** `unite:quota:health`: a plain channel; the store or the ledger went away or came back. */
export function publishHealth(message: QuotaHealthMessage): void {
  healthChannel?.publish(message);
}

/** `unite:quota:lost`: a plain channel; what nobody will be charged for. */
export function publishLost(message: QuotaLostMessage): void {
  lostChannel?.publish(message);
}
