'use client';

import { parseProblem } from '@unite/problem/client';
import { ConfirmDialog } from './confirm-dialog';
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

/** Deletes something, after saying what that means. What is gone already counts as deleted. */
export function ConfirmDelete({ label, name, title, children, url, onDeleted }: ConfirmDeleteProps) {
  async function remove(): Promise<string | undefined> {
    try {
      const problem = await parseProblem(await fetch(url, { method: 'DELETE' }));
      if (problem && problem.status !== 404) return problem.detail ?? problem.title;
    } catch {
      return 'The server was not reached. Nothing was deleted; try again in a moment.';
    }
    onDeleted();
    return undefined;
  }

  return (
    <ConfirmDialog
      title={title}
      confirmLabel={label}
      pendingLabel="Deleting…"
      confirmClass="button-danger"
      onConfirm={remove}
      opener={(open) => (
        <button type="button" className="button button-critical" aria-label={name} onClick={open}>
          <Icon name="trash" />
          {label}
        </button>
      )}
    >
      {children}
    </ConfirmDialog>
  );
}
