import type { Selectable } from 'kysely';
import type { Schema } from '../database/schema';
import type { Campaign } from './campaign-types';

export function campaignFromRow(row: Selectable<Schema['campaigns']>): Campaign {
  return {
    id: row.id,
    name: row.name,
    subject: row.subject,
    audience: row.audience,
    status: row.status,
    sendAt: row.send_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    recipients: row.recipients,
    delivered: row.delivered,
    failed: row.failed,
    failure: row.failure,
    traceId: row.trace_id,
  };
}
