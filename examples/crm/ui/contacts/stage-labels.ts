import type { ContactStage } from '@/lib/contacts/contact-types';

export const stageLabels: Readonly<Record<ContactStage, string>> = {
  lead: 'Lead',
  contacted: 'Contacted',
  qualified: 'Qualified',
  customer: 'Customer',
  lost: 'Lost',
};
