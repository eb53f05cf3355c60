import { once } from '@unite/core/once';
import { usageHandler } from '@unite/quota/next';
import { env } from '../env';
import { quota } from '../unite';
import { resourceCounts } from './resource-counts';
import type { UsageDocument } from './usage-document';

/** Answers how the workspace stands, once or as a stream: what the quota knows, and how much there is of what it limits. */
export const answerUsage = once('crm.usage', () =>
  usageHandler({
    async usage(tenantId) {
      const [report, counts] = await Promise.all([quota.usage(tenantId), resourceCounts()]);
      const resources = report.resources
        .filter(({ name }) => name in counts)
        .map((resource) => ({ ...resource, used: counts[resource.name as keyof typeof counts] }));
      return { ...report, resources };
    },
  }),
);

/**
 * The same for a page.
 *
 * @returns nothing while it cannot be known
 */
export async function readUsage(): Promise<UsageDocument | undefined> {
  const request = new Request(new URL('/api/usage', env.publicUrl));
  const response = await answerUsage(request).catch(() => undefined);
  return response?.ok ? ((await response.json()) as UsageDocument) : undefined;
}
