'use client';

import { useRouter } from 'next/navigation';
import { ConfirmDelete } from '../confirm-delete';
import { flash } from '../flash';

/** Deletes a contact, after asking. */
export function DeleteContact({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  return (
    <ConfirmDelete
      label="Delete contact"
      title={`Delete ${name}?`}
      url={`/api/contacts/${id}`}
      onDeleted={() => {
        flash(`${name} was deleted`);
        router.push('/contacts');
      }}
    >
      The contact and its notes are gone for everybody in the workspace. This cannot be undone.
    </ConfirmDelete>
  );
}
