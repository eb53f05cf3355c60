import type { Selectable } from 'kysely';
import type { Schema } from '../database/schema';
import { roleAllows } from '../roles';
import type { Session } from '../session';
import type { Contact } from './contact-types';

/** A row as this person may see it: the address never leaves the server for a role that may not read it. */
export function contactFromRow(row: Selectable<Schema['contacts']>, session: Session): Contact {
  return {
    id: row.id,
    email: roleAllows(session.role, 'contacts.readEmail') ? row.email : null,
    name: row.name,
    company: row.company,
    jobTitle: row.job_title,
    phone: row.phone,
    stage: row.stage,
    notes: row.notes,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
