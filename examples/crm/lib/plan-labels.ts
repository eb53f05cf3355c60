/** What each plan is called. */
export const planLabels = { free: 'Free', starter: 'Starter', pro: 'Pro', enterprise: 'Enterprise' } as const;

/** What a workspace pays for. */
export type Plan = keyof typeof planLabels;

/** The label of a plan that came as text, such as in a problem document. */
export function planLabel(plan: string): string {
  return planLabels[plan as Plan] ?? plan;
}
