'use client';

import { useRouter } from 'next/navigation';
import type { CustomFieldUse } from '@/lib/custom-fields/custom-field-types';
import { ConfirmDelete } from '../confirm-delete';
import { EmptyState } from '../empty-state';
import { flash } from '../flash';
import styles from './field-list.module.css';
import { kindLabels } from './kind-labels';

/** The workspace's own fields, and the way to take one away. */
export function FieldList({ fields }: { readonly fields: readonly CustomFieldUse[] }) {
  const router = useRouter();
  if (fields.length === 0) return <EmptyState title="No fields yet. The form makes the first one." />;
  return (
    <ul className={styles.list}>
      {fields.map(({ id, label, kind, options, contacts }) => (
        <li key={id} className={styles.row}>
          <div>
            <p className={styles.label}>{label}</p>
            <p className="muted">
              {kindLabels[kind]}
              {kind === 'choice' && `: ${options.join(', ')}`}
            </p>
            <p className="meta">
              {contactCount(contacts)} · <code>{id}</code>
            </p>
          </div>
          <ConfirmDelete
            label="Delete"
            name={`Delete ${label}`}
            title={`Delete ${label}?`}
            url={`/api/custom-fields/${id}`}
            onDeleted={() => {
              flash(`${label} was deleted`);
              router.refresh();
            }}
          >
            {contacts === 0
              ? 'No contact has a value.'
              : `${contactCount(contacts)}. What they say is deleted too, for everybody in the workspace.`}{' '}
            This cannot be undone.
          </ConfirmDelete>
        </li>
      ))}
    </ul>
  );
}

function contactCount(contacts: number): string {
  return contacts === 1 ? '1 contact has a value' : `${contacts.toLocaleString('en')} contacts have a value`;
}
