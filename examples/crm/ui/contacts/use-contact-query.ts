'use client';

import { useSearchParams } from 'next/navigation';
import { type ContactQuery, queryFromAddress } from '@/lib/contacts/list-address';

/** The list that the address asks for, wherever the address was changed. */
export function useContactQuery(): ContactQuery {
  return queryFromAddress(Object.fromEntries(useSearchParams()));
}
