/** What a workspace pays for. */
export type Plan = 'free' | 'starter' | 'pro' | 'enterprise';

export interface PlanTerms {
  readonly label: string;
  readonly contactsMax: number;
  readonly callsPerDay: number;
}

export const planTerms: Readonly<Record<Plan, PlanTerms>> = {
  free: { label: 'Free', contactsMax: 250, callsPerDay: 1_000 },
  starter: { label: 'Starter', contactsMax: 1_000, callsPerDay: 10_000 },
  pro: { label: 'Pro', contactsMax: 5_000, callsPerDay: 100_000 },
  enterprise: { label: 'Enterprise', contactsMax: 50_000, callsPerDay: 1_000_000 },
};
