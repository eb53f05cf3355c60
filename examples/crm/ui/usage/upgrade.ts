import type { PlanOffer } from '@/lib/usage/plan-offers';
import type { UsageDocument } from '@/lib/usage/usage-document';
import { count } from './amounts';
import { type Meter, metersOf } from './meters';

/** Another plan, and why. */
export interface Upgrade {
  readonly offer: PlanOffer;
  readonly reason: string;
}

/**
 * The plan that would suit better: the one on which the last month would have passed, else the cheapest that has room
 * where this one has hardly any left.
 */
export function upgradeFor(usage: UsageDocument, offers: readonly PlanOffer[]): Upgrade | undefined {
  const suggested = offers.find(({ plan }) => plan === usage.suggestion?.plan);
  if (suggested) return { offer: suggested, reason: sentenceCase(usage.suggestion?.reason ?? '') };

  const tight = metersOf(usage).find(({ level }) => level === 'full') ?? closest(metersOf(usage));
  if (!tight) return undefined;
  const dearer = offers.slice(offers.findIndex(({ plan }) => plan === usage.plan) + 1);
  const offer = dearer.find(({ limits }) => hasRoom(limits[tight.name], tight));
  return offer && { offer, reason: reasonOf(tight, offer) };
}

function closest(meters: readonly Meter[]): Meter | undefined {
  const share = ({ used, limit }: Meter) => used / (limit ?? Number.POSITIVE_INFINITY);
  return meters
    .filter(({ level }) => level === 'close')
    .toSorted((one, other) => share(other) - share(one))[0];
}

function hasRoom(limit: number | null | undefined, { used, forecast }: Meter): boolean {
  return limit === null || (limit !== undefined && limit > Math.max(used, forecast ?? 0));
}

function reasonOf(
  { label, used, limit, name, sentence, level }: Meter,
  { label: plan, limits }: PlanOffer,
): string {
  const most = limits[name];
  const offered =
    most === null || most === undefined ? `${plan} has no limit.` : `${plan} allows ${count(most)}.`;
  const isDaily = name.endsWith('PerDay');
  const now =
    isDaily && level === 'close' && sentence.startsWith('At this pace full')
      ? `${label}: at this pace full ${sentence.slice('At this pace full '.length)}`
      : `${label}: ${count(used)} of ${count(limit ?? 0)}.`;
  return `${now} ${offered}`;
}

/** `free refused 5 of 40` → `Free refused 5 of 40`. */
function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
