import { quota } from '../unite';
import { resourceCounts } from './resource-counts';

/** How a workspace stands: what the quota knows, and how much there is of what it limits. */
export const workspaceUsage = {
  async usage(tenantId: string) {
    const [report, counts] = await Promise.all([quota.usage(tenantId), resourceCounts()]);
    const resources = report.resources
      .filter(({ name }) => name in counts)
      .map((resource) => ({ ...resource, used: counts[resource.name as keyof typeof counts] }));
    return { ...report, resources };
  },
};
