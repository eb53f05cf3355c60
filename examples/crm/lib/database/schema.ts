import type { Generated } from 'kysely';
import type { ContactStage } from '../contacts/contact-types';
import type { Plan } from '../plan-labels';
import type { Role } from '../roles';

/** The tables, as migrations/ makes them. */
export interface Schema {
  readonly workspaces: WorkspaceTable;
  readonly people: PersonTable;
  readonly contacts: ContactTable;
  readonly campaigns: CampaignTable;
}

interface WorkspaceTable {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly position: number;
}

interface PersonTable {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly role: Role;
}

interface ContactTable {
  readonly id: string;
  readonly tenant_id: string;
  /** Encrypted. */
  readonly email: string;
  readonly email_index: string | null;
  readonly name: Generated<string>;
  readonly company: Generated<string>;
  readonly job_title: Generated<string>;
  /** Encrypted; null where there is none. */
  readonly phone: string | null;
  readonly phone_index: string | null;
  readonly stage: Generated<ContactStage>;
  readonly notes: Generated<string>;
  readonly score: number | null;
  readonly version: Generated<number>;
  readonly created_at: Generated<Date>;
  readonly updated_at: Generated<Date>;
}

interface CampaignTable {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly subject: string;
  readonly audience: ContactStage | 'everyone';
  readonly status: Generated<'draft' | 'scheduled' | 'sent'>;
  readonly send_at: Date | null;
  readonly created_at: Generated<Date>;
}
