import { type ContactStage, contactStages } from '../contacts/contact-types';

export const audiences = ['everyone', ...contactStages] as const;

export type Audience = ContactStage | 'everyone';

export type CampaignStatus = 'draft' | 'scheduled' | 'sent';

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
}
