'use client';

import { parseProblem } from '@unite/problem/client';
import { useState } from 'react';

/** Has the server fail by a mistake in its code, to see what becomes of the error. */
export function AskForError() {
  const [says, setSays] = useState<React.ReactNode>();

  async function ask(event: React.FormEvent) {
    event.preventDefault();
    setSays('Asking…');
    try {
      const problem = await parseProblem(await fetch('/api/ops/errors', { method: 'POST' }));
      const id = problem?.extensions.eventId;
      setSays(typeof id === 'string' ? <Captured id={id} /> : (problem?.title ?? 'It did not fail.'));
    } catch {
      setSays('The server was not reached.');
    }
  }

  return (
    <form method="post" action="/api/ops/errors" onSubmit={ask}>
      <button type="submit" className="button">
        Ask for an error
      </button>
      <p role="status" className="meta">
        {says}
      </p>
    </form>
  );
}

function Captured({ id }: { readonly id: string }) {
  return (
    <>
      It answered with the id <code>{id.slice(0, 8)}</code>. <a href="/ops/errors">See it among the errors</a>
    </>
  );
}
