'use client';

import { useState } from 'react';
import type { SafeExample } from '@/lib/safe-examples';
import { CodeBlock } from '../code-block';
import styles from './live-example.module.css';

interface Answered {
  readonly status: string;
  readonly document: string;
}

/** Makes a request that is refused, and shows what the API says to it now. */
export function LiveExample({ method, path, body, asNobody = false }: SafeExample) {
  const [answered, setAnswered] = useState<Answered>();
  const [isAsking, setAsking] = useState(false);

  async function ask() {
    setAsking(true);
    try {
      const response = await fetch(path, {
        method,
        // Of no workspace either: a demo takes who is nobody for an owner.
        ...(asNobody && { credentials: 'omit', headers: { 'x-demo-workspace': 'nobody' } }),
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const document = JSON.stringify(await response.json(), null, 2);
      setAnswered({ status: `${response.status} ${response.headers.get('content-type') ?? ''}`, document });
    } catch {
      setAnswered({ status: 'The server was not reached.', document: '' });
    }
    setAsking(false);
  }

  return (
    <div className={styles.example}>
      <div className={styles.request}>
        <code>
          {method} {path}
          {body && ` ${JSON.stringify(body)}`}
          {asNobody && ', without a session'}
        </code>
        <button type="button" className="button" onClick={ask} aria-disabled={isAsking}>
          Send it
        </button>
      </div>
      <p role="status" className="meta">
        {answered?.status}
      </p>
      {answered?.document && <CodeBlock label="What it answered">{answered.document}</CodeBlock>}
    </div>
  );
}
