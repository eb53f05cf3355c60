'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import type { ContactScore } from '@/lib/scoring/score-types';
import { ProblemNotice } from '../form/problem-notice';
import { dollars } from '../usage/amounts';
import { hasUnsavedChanges } from './has-unsaved-changes';
import { bandOf, ScoreFigure } from './score-figure';
import styles from './score-panel.module.css';
import { type Scoring, useScore } from './use-score';

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
  const scoring = useScore(contactId, router.refresh);
  const { heard, answer } = scoring;
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="score">
      <h2 id="score">How promising</h2>
      <ScoreFigure score={answer?.score ?? score} />
      {/* Not live: a reader is told once, at the end. */}
      {heard ? <p className={styles.heard}>{heard}</p> : answer && <p>{answer.reason}</p>}
      {mayScore && isSetUp && <Ask scoring={scoring} form={form} />}
      {mayScore && !isSetUp && <p className="meta">Scoring with AI is not set up here.</p>}
    </section>
  );
}

function Ask({ scoring, form }: { readonly scoring: Scoring; readonly form: string }) {
  const { heard, answer, failure, isCancelled, cancel } = scoring;
  const [isUnsaved, setUnsaved] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const isPending = heard !== undefined;

  function ask() {
    const mayAsk = !hasUnsavedChanges(form);
    setUnsaved(!mayAsk);
    // What was pressed may be gone in a moment.
    button.current?.focus();
    if (mayAsk) void scoring.ask();
  }

  return (
    <>
      <div className={styles.ask}>
        <button
          ref={button}
          type="button"
          className="button"
          onClick={ask}
          aria-disabled={isPending || undefined}
        >
          {isPending ? 'Scoring…' : answer ? 'Score again' : 'Score with AI'}
        </button>
        {isPending && (
          <button
            type="button"
            className="button"
            onClick={() => {
              button.current?.focus();
              cancel();
            }}
          >
            Cancel
          </button>
        )}
        <p role="status" className="meta">
          {isCancelled && 'Cancelled. What the model had read and said by then is charged.'}
          {answer && !isPending && !failure && !isCancelled && <Receipt answer={answer} />}
        </p>
      </div>
      {isUnsaved && (
        <p role="alert" className={styles.failure}>
          Save your changes first: the model is told what is saved.
        </p>
      )}
      {!isUnsaved && (
        <ProblemNotice failure={failure}>
          {isWorthRepeating(failure) && (
            <p>
              <button type="button" className="button" onClick={ask}>
                Try again
              </button>
            </p>
          )}
        </ProblemNotice>
      )}
    </>
  );
}

/** A plan that is used up stays so; a model that failed may answer. */
function isWorthRepeating(failure: Scoring['failure']): boolean {
  return failure?.kind === 'problem' && failure.problem.status >= 500;
}

/** `312 tokens, $0.0047`; `from memory, 3 s old, $0`. Before it, for who does not see it, the score itself. */
function Receipt({ answer }: { readonly answer: ContactScore }) {
  const { score, reason } = answer;
  return (
    <>
      <span className="hidden-visually">{`Scored ${score}, ${bandOf(score).toLowerCase()}. ${reason} `}</span>
      <span>{receiptOf(answer)}</span>
    </>
  );
}

function receiptOf({ from, ageMs, charged }: ContactScore): string {
  const cost = charged.costUsd === null ? 'price not known' : dollars(charged.costUsd);
  if (from === 'model') return `${charged.tokens.toLocaleString('en')} tokens, ${cost}`;
  if (from === 'shared') return `asked together with somebody else, ${cost}`;
  const age = ageMs < 60_000 ? `${Math.floor(ageMs / 1_000)} s` : `${Math.floor(ageMs / 60_000)} min`;
  return `from ${from === 'redis' ? 'Redis' : 'memory'}, ${age} old, ${cost}`;
}
