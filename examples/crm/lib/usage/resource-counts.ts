import { currentContext } from '@unite/core/context';
import { once } from '@unite/core/once';
import { campaignsOf } from '../campaigns/campaign-tags';
import { contactsOf } from '../contacts/contact-tags';
import { customFieldsOf } from '../custom-fields/custom-field-tags';
import { countRows } from '../database/count-rows';
import { read } from '../database/unit-of-work';
import { cache } from '../unite';

export interface ResourceCounts {
  readonly contacts: number;
  readonly campaigns: number;
  readonly customFields: number;
}

/** How much the workspace has of what its plan limits. Remembered until that changes: it is asked for every second. */
export function resourceCounts(): Promise<ResourceCounts> {
  const counts = once('crm.cache.resource-counts', () =>
    cache.define('resource-counts', {
      scope: 'tenant',
      key: ({ tenantId }: { readonly tenantId: string }) => [tenantId],
      tags: ({ tenantId }) => [contactsOf(tenantId), campaignsOf(tenantId), customFieldsOf(tenantId)],
      memoryTtlMs: 60_000,
      remoteTtlMs: 60_000,
      load: (): Promise<ResourceCounts> =>
        read(async (transaction) => ({
          contacts: await countRows(transaction, 'contacts'),
          campaigns: await countRows(transaction, 'campaigns'),
          customFields: await countRows(transaction, 'custom_fields'),
        })),
    }),
  );
  return counts.get({ tenantId: currentContext()?.tenantId ?? '' });
}
