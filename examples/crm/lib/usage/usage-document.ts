import type { UsageDocument as QuotaUsage } from '@unite/quota/next';

/** How a workspace stands, as `GET /api/usage` answers, and tells by its stream. */
export interface UsageDocument extends Omit<QuotaUsage, 'resources'> {
  readonly resources: readonly ResourceUsage[];
}

export interface ResourceUsage {
  readonly name: string;
  /** `null` is no limit. */
  readonly limit: number | null;
  readonly used: number;
}
