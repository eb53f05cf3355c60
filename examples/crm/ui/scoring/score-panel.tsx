'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ContactScore } from '@/lib/scoring/score-types';
import { fetchJson, reasonOf } from '../fetch-json';
import { dollars } from '../usage/amounts';
import { hasUnsavedChanges } from './has-unsaved-changes';
import styles from './score-panel.module.css';

interface ScorePanelProps {
  readonly contactId: string;
  readonly score: number | null;
  readonly mayScore: boolean;
  /** Whether there is a model to ask. */
  readonly isSetUp: boolean;
  /** Id of the form in which the contact is changed: the model is told what is saved. */
  readonly form: string;
}

/** How promising the contact is, and the button that asks a model. */
export function ScorePanel({ contactId, score, mayScore, isSetUp, form }: ScorePanelProps) {
  const router = useRouter();
  const [answer, setAnswer] = useState<ContactScore>();
  const [failure, setFailure] = useState<string>();
  const [isPending, setPending] = useState(false);
  const shown = answer?.score ?? score;

  async function ask() {
    if (isPending) return;
    setFailure(undefined);
    if (hasUnsavedChanges(form))
      return setFailure('Save your changes first: the model is told what is saved.');
    setPending(true);
    try {
      setAnswer(
        await fetchJson<ContactScore>(`/api/contacts/${contactId}/score`, { method: 'POST', isNews: true }),
      );
      router.refresh();
    } catch (error) {
      setFailure(reasonOf(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="score">
      <h2 id="score">How promising</h2>
      <p className={shown === null ? 'muted' : styles.score}>
        {shown === null ? (
          'Not scored'
        ) : (
          <>
            <span className={styles.figure}>{shown}</span> <span className="muted">of 100</span>
          </>
        )}
      </p>
      {answer && <p>{answer.reason}</p>}
      {mayScore && isSetUp && (
        <div className={styles.ask}>
          <button type="button" className="button" onClick={ask} aria-disabled={isPending || undefined}>
            {isPending ? 'Scoring…' : answer ? 'Score again' : 'Score with AI'}
          </button>
          <p role="status" className="meta">
            {answer && !isPending && !failure && <Receipt answer={answer} />}
          </p>
        </div>
      )}
      {mayScore && !isSetUp && <p className="meta">Scoring with AI is not set up here.</p>}
      {failure && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
    </section>
  );
}

/** `312 tokens, $0.0047`; `from memory, 3 s old, $0`. */
function Receipt({ answer: { from, ageMs, charged } }: { readonly answer: ContactScore }) {
  const cost = charged.costUsd === null ? 'price not known' : dollars(charged.costUsd);
  if (from === 'model') return `${charged.tokens.toLocaleString('en')} tokens, ${cost}`;
  const age = ageMs < 60_000 ? `${Math.floor(ageMs / 1_000)} s` : `${Math.floor(ageMs / 60_000)} min`;
  return `from ${from === 'redis' ? 'Redis' : 'memory'}, ${age} old, ${cost}`;
}
