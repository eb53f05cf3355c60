import { vault } from '../unite';
import { encryptedColumns } from './encrypted-columns.mjs';

/** Who a contact is, as only its workspace's keys and the right roles can read it. */
export const encryptedContacts = vault.table('contacts', encryptedColumns);
