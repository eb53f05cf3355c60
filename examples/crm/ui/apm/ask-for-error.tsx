'use client';

import { parseProblem } from '@unite/problem/client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import styles from './panels.module.css';

/** A button that makes an error on the server, to see what becomes of it. */
export function AskForError() {
  const router = useRouter();
  const [eventId, setEventId] = useState<string>();
  const [says, setSays] = useState('');

  async function ask() {
    setSays('Asking…');
    try {
      const problem = await parseProblem(await fetch('/api/ops/errors', { method: 'POST' }));
      const id = problem?.extensions.eventId;
      setEventId(typeof id === 'string' ? id : undefined);
      setSays(
        typeof id === 'string'
          ? 'It answered with the id of the error:'
          : (problem?.title ?? 'It did not fail'),
      );
      router.refresh();
    } catch {
      setSays('The server was not reached.');
    }
  }

  return (
    <div className={styles.ask}>
      <button type="button" className="button" onClick={ask}>
        Make an error
      </button>
      <p role="status" className="meta">
        {says}{' '}
        {eventId && (
          <Link href={`/ops/apm/errors/${eventId}`} prefetch={false}>
            <code>{eventId}</code>
          </Link>
        )}
      </p>
    </div>
  );
}
