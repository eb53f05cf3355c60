import type { Generated } from 'kysely';
import type { CampaignStatus } from '../campaigns/campaign-types';
import type { ContactStage } from '../contacts/contact-types';
import type { CustomValues, FieldKind } from '../custom-fields/custom-field-types';
import type { Plan } from '../plan-labels';
import type { Role } from '../roles';

/** The tables, as migrations/ makes them. */
export interface Schema {
  readonly workspaces: WorkspaceTable;
  readonly people: PersonTable;
  readonly contacts: ContactTable;
  readonly campaigns: CampaignTable;
  readonly campaign_deliveries: DeliveryTable;
  readonly campaign_jobs: JobTable;
  readonly custom_fields: CustomFieldTable;
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
  /** Values by the id of their custom field. */
  readonly custom: Generated<CustomValues>;
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
  readonly status: Generated<CampaignStatus>;
  readonly send_at: Date | null;
  readonly created_at: Generated<Date>;
  /** Null until it begins. */
  readonly recipients: number | null;
  readonly delivered: Generated<number>;
  readonly failed: Generated<number>;
  readonly failure: string | null;
  readonly trace_id: string | null;
}

interface DeliveryTable {
  readonly campaign_id: string;
  readonly contact_id: string;
  readonly tenant_id: string;
  readonly outcome: Generated<'waiting' | 'delivered' | 'failed'>;
  readonly decided_at: Date | null;
}

interface JobTable {
  readonly campaign_id: string;
  readonly tenant_id: string;
  /** Who pressed send. */
  readonly user_id: string;
  readonly due_at: Date;
  readonly traceparent: string | null;
  readonly attempts: Generated<number>;
  readonly lease: string | null;
  readonly leased_by: string | null;
  readonly leased_until: Date | null;
}

interface CustomFieldTable {
  readonly id: string;
  readonly tenant_id: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly options: readonly string[];
  readonly created_at: Generated<Date>;
}
