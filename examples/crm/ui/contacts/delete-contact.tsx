'use client';

import { parseProblem } from '@unite/problem/client';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import styles from '../dialog.module.css';
import { flash } from '../flash';
import { Icon } from '../icon';

/** Deletes a contact, after asking. */
export function DeleteContact({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function deleteContact() {
    if (isPending) return;
    setPending(true);
    setFailure(undefined);
    try {
      const problem = await parseProblem(await fetch(`/api/contacts/${id}`, { method: 'DELETE' }));
      if (!problem || problem.status === 404) {
        flash(`${name} was deleted`);
        router.push('/contacts');
        return;
      }
      setFailure(problem.detail ?? problem.title);
    } catch {
      setFailure('The server was not reached. Nothing was deleted; try again in a moment.');
    }
    setPending(false);
  }

  return (
    <>
      <button type="button" className="button button-critical" onClick={() => dialog.current?.showModal()}>
        <Icon name="trash" />
        Delete contact
      </button>
      <dialog
        ref={dialog}
        className={styles.dialog}
        aria-labelledby="delete-title"
        aria-describedby="delete-text"
      >
        <h2 id="delete-title">Delete {name}?</h2>
        <p id="delete-text">
          The contact and its notes are gone for everybody in the workspace. This cannot be undone.
        </p>
        {failure && (
          <p role="alert" className={styles.failure}>
            {failure}
          </p>
        )}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="button"
            className="button button-danger"
            onClick={deleteContact}
            aria-disabled={isPending || undefined}
          >
            {isPending ? 'Deleting…' : 'Delete contact'}
          </button>
        </div>
      </dialog>
    </>
  );
}
