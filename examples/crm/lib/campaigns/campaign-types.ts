import { type ContactStage, contactStages } from '../contacts/contact-types';

export const audiences = ['everyone', ...contactStages] as const;

export type Audience = ContactStage | 'everyone';

export type CampaignStatus = 'draft' | 'scheduled' | 'sending' | 'sent' | 'failed';

/** A campaign as the API shows it. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly audience: Audience;
  readonly status: CampaignStatus;
  /** When it goes out, or went out; null for a draft. */
  readonly sendAt: string | null;
  readonly createdAt: string;
  /** How many get it; null until it begins. */
  readonly recipients: number | null;
  readonly delivered: number;
  /** How many could not be written to. */
  readonly failed: number;
  /** Why it was given up. */
  readonly failure: string | null;
  /** Of the job that sends it. */
  readonly traceId: string | null;
}
