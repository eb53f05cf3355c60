'use client';

import { useId, useRef, useState } from 'react';
import styles from './dialog.module.css';

interface ConfirmDialogProps {
  readonly title: string;
  /** What goes with it. */
  readonly children: React.ReactNode;
  readonly confirmLabel: string;
  readonly pendingLabel: string;
  /** The class of the button that confirms: `button-primary`, or `button-danger`. */
  readonly confirmClass: string;
  /** What is asked about. @returns why it was not done; nothing where it was, and the dialog closes */
  readonly onConfirm: () => Promise<string | undefined>;
  /** Draws what opens it. */
  readonly opener: (open: () => void) => React.ReactNode;
}

/** Does something after asking. Stays open, and says why, where that fails. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  pendingLabel,
  confirmClass,
  onConfirm,
  opener,
}: ConfirmDialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function confirm() {
    if (isPending) return;
    setPending(true);
    setFailure(undefined);
    const refusal = await onConfirm();
    setPending(false);
    if (refusal === undefined) dialog.current?.close();
    else setFailure(refusal);
  }

  return (
    <>
      {opener(() => dialog.current?.showModal())}
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
            className={`button ${confirmClass}`}
            onClick={confirm}
            aria-disabled={isPending || undefined}
          >
            {isPending ? pendingLabel : confirmLabel}
          </button>
        </div>
      </dialog>
    </>
  );
}
