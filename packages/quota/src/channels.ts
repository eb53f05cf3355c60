import { openChannel, openTracingChannel } from '@unite/shared';
import type { QuotaHealthMessage, QuotaLostMessage } from './channel-types';

/** `unite:quota:check`: one decision. */
export const checkChannel = openTracingChannel('unite:quota:check');

/** `unite:quota:reserve`: one decision whose use is settled later. */
export const reserveChannel = openTracingChannel('unite:quota:reserve');

/** `unite:quota:settle`: a commit or a release. */
export const settleChannel = openTracingChannel('unite:quota:settle');

/** `unite:quota:use`: a plain channel; what was used and what it cost. */
export const useChannel = openChannel('unite:quota:use');

const healthChannel = openChannel('unite:quota:health');
const lostChannel = openChannel('unite:quota:lost');

/** `unite:quota:health`: a plain channel; the store or the ledger went away or came back. */
export function publishHealth(message: QuotaHealthMessage): void {
  healthChannel?.publish(message);
}

/** `unite:quota:lost`: a plain channel; what nobody will be charged for. */
export function publishLost(message: QuotaLostMessage): void {
  lostChannel?.publish(message);
}
