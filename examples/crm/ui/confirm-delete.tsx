'use client';

import { parseProblem } from '@unite/problem/client';
import { useId, useRef, useState } from 'react';
import styles from './dialog.module.css';
import { Icon } from './icon';

interface ConfirmDeleteProps {
  /** What the button says, here and in the dialog. */
  readonly label: string;
  /** What the button is called where several say the same. */
  readonly name?: string | undefined;
  readonly title: string;
  /** What goes with it. */
  readonly children: React.ReactNode;
  readonly url: string;
  readonly onDeleted: () => void;
}

/** Deletes something, after saying what that means. */
export function ConfirmDelete({ label, name, title, children, url, onDeleted }: ConfirmDeleteProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function confirm() {
    if (isPending) return;
    setPending(true);
    setFailure(undefined);
    try {
      const problem = await parseProblem(await fetch(url, { method: 'DELETE' }));
      if (!problem || problem.status === 404) {
        dialog.current?.close();
        onDeleted();
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
      <button
        type="button"
        className="button button-critical"
        aria-label={name}
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="trash" />
        {label}
      </button>
      <dialog
        ref={dialog}
        className={styles.dialog}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-text`}>{children}</p>
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
            onClick={confirm}
            aria-disabled={isPending || undefined}
          >
            {isPending ? 'Deleting…' : label}
          </button>
        </div>
      </dialog>
    </>
  );
}
