import type { MinScore } from '@/lib/contacts/contact-types';
import { type ContactQuery, listApiAddress } from '@/lib/contacts/list-address';

/** By what the browser knows a list again; a person's own, since another one may see less. */
export const contactsKey = (userId: string, query: ContactQuery) =>
  ['contacts', userId, listApiAddress(query)] as const;

export const hotLeadsKey = (userId: string, minScore: MinScore) =>
  ['hot-leads', userId, `/api/hot-leads?min=${minScore}`] as const;
