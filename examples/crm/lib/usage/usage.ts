import { once } from '@unite/core/once';
import { usageHandler } from '@unite/quota/next';
import { env } from '../env';
import type { UsageDocument } from './usage-document';
import { workspaceUsage } from './workspace-usage';

/** Answers how the workspace stands, once or as a stream. */
export const answerUsage = once('crm.usage', () => usageHandler(workspaceUsage));

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
