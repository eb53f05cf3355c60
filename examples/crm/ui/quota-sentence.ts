import { isProblem, type ParsedProblem } from '@unite/problem/client';
import { planLabel } from '@/lib/plan-labels';

interface RefusedLimit {
  readonly name: string;
  readonly unit: string;
  readonly limit: number | null;
}

/** What a refusal of the quota means, for people: what is used up, and which plan would allow it. */
export function quotaSentence(problem: ParsedProblem): string | undefined {
  if (!isProblem(problem, 'quota-exceeded')) return undefined;
  const { 'violated-policies': violated, limits, plan, sufficientPlan } = problem.extensions;
  if (!Array.isArray(violated) || !Array.isArray(limits) || typeof plan !== 'string') return undefined;
  const refused = (limits as RefusedLimit[]).filter(({ name }) => violated.includes(name));
  const reasons = refused.map((limit) => reasonOf(limit, planLabel(plan)));
  if (typeof sufficientPlan === 'string') reasons.push(`${planLabel(sufficientPlan)} would allow it.`);
  return reasons.join(' ');
}

function reasonOf({ name, unit, limit }: RefusedLimit, plan: string): string {
  const most = (limit ?? 0).toLocaleString('en');
  if (name === 'burst') return 'That was too much at once; wait a moment.';
  if (name.endsWith('Max'))
    return `${plan} holds ${most} ${unitLabels[unit] ?? unit}, and every place is taken.`;
  return `Not enough is left of today’s ${most} ${unitLabels[unit] ?? unit}; they begin anew at midnight UTC.`;
}

const unitLabels: Readonly<Record<string, string>> = {
  apiCalls: 'API calls',
  aiTokens: 'AI tokens',
  customFields: 'custom fields',
};
