import type { LimitUsage } from '@unite/quota';
import { planLabel } from '@/lib/plan-labels';
import type { ResourceUsage, UsageDocument } from '@/lib/usage/usage-document';
import { clockTime, count } from './amounts';

/** One bar: how much of something is used, and what will become of it. */
export interface Meter {
  readonly name: string;
  readonly label: string;
  readonly used: number;
  /** `null` is no limit. */
  readonly limit: number | null;
  /** At the end of the period, at the pace so far. */
  readonly forecast: number | null;
  readonly level: 'fine' | 'close' | 'full';
  readonly sentence: string;
}

const closeFrom = 0.8;

/** What a workspace meets: calls, tokens, contacts, campaigns, custom fields. */
export function metersOf({ limits, resources, plan }: UsageDocument): readonly Meter[] {
  return [
    ...limits.filter(({ kind }) => kind === 'quota').map((limit) => ofDay(limit, planLabel(plan))),
    ...resources.map((resource) => ofResource(resource, planLabel(plan))),
  ];
}

const labels: Readonly<Record<string, string>> = {
  apiCallsPerDay: 'API calls today',
  aiTokensPerDay: 'AI tokens today',
  contacts: 'Contacts',
  campaigns: 'Campaigns',
  customFields: 'Custom fields',
};

function ofDay({ name, used, limit, forecast, exhaustedAtMs }: LimitUsage, plan: string): Meter {
  const level = levelOf(used, limit);
  const at = limit !== null && level !== 'full' && exhaustedAtMs !== null ? exhaustedAtMs : undefined;
  return {
    name,
    label: labels[name] ?? name,
    used,
    limit,
    forecast,
    level: level === 'fine' && at !== undefined ? 'close' : level,
    sentence: sentenceOf(),
  };

  function sentenceOf(): string {
    if (limit === null) return `No limit on ${plan}. Begins anew at midnight.`;
    if (level === 'full') return 'Used up. Begins anew at midnight.';
    if (at !== undefined) return `At this pace full at ${clockTime(at)}.`;
    if (forecast === null || used === 0) return 'Begins anew at midnight.';
    return `At this pace ${count(forecast)} by midnight.`;
  }
}

function ofResource({ name, used, limit }: ResourceUsage, plan: string): Meter {
  const level = levelOf(used, limit);
  const left = limit === null ? 0 : Math.max(0, limit - used);
  const sentence =
    limit === null
      ? `No limit on ${plan}.`
      : level === 'full'
        ? 'Every place is taken.'
        : `Room for ${count(left)} more.`;
  return { name, label: labels[name] ?? name, used, limit, forecast: null, level, sentence };
}

function levelOf(used: number, limit: number | null): Meter['level'] {
  if (limit === null) return 'fine';
  if (used >= limit) return 'full';
  return used >= closeFrom * limit ? 'close' : 'fine';
}
