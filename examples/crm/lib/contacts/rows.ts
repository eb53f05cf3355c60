import type { Selectable } from 'kysely';
import type { Schema } from '../database/schema';
import type { Contact } from './contact-types';

/** A row as somebody may see it: the address never leaves the server for a role that may not read it. */
export function contactFromRow(row: Selectable<Schema['contacts']>, mayReadEmail: boolean): Contact {
  return {
    id: row.id,
    email: mayReadEmail ? row.email : null,
    name: row.name,
    company: row.company,
    jobTitle: row.job_title,
    phone: row.phone,
    stage: row.stage,
    notes: row.notes,
    score: row.score,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
