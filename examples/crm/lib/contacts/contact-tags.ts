import { cache } from '../unite';

/** Tag of whatever lists contacts of a workspace. */
export const contactsOf = (tenantId: string) => `contacts-of:${tenantId}`;

/** What a change of a contact makes invalid: the contact, and every list of its workspace. */
export const contactTags = cache.tags.rule(
  'contact',
  ({ tenantId }: { readonly id: string; readonly tenantId: string }) => [contactsOf(tenantId)],
);
