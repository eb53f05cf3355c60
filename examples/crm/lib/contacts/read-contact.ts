import { notFound } from 'next/navigation';
import { cache } from 'react';
import { page, problems } from '../unite';
import type { Contact } from './contact-types';
import { getContact } from './get-contact';

/** The contact that a page is about, read once a request; without one, the page is not found. */
export const readContact = cache(async (id: string): Promise<Contact> => {
  try {
    return await page(() => getContact(id));
  } catch (error) {
    if (problems.from(error).status === 404) notFound();
    throw error;
  }
});
