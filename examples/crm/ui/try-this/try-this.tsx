'use client';

import { useState } from 'react';
import { type TrialId, trials } from '@/lib/try-this/trials';
import { fetchJson } from '../fetch-json';
import { Icon } from '../icon';
import { StatusMark } from '../status-mark';
import styles from './try-this.module.css';

const popoverId = 'try-this';

/** Five things to see in the first minutes, each ticked once the server has seen it happen. */
export function TryThis({ first }: { readonly first: readonly TrialId[] }) {
  const [seen, setSeen] = useState(first);
  const [isHidden, setHidden] = useState(false);
  if (isHidden) return null;

  async function look() {
    // What cannot be asked for stays as it was.
    const answer = await fetchJson<{ seen: readonly TrialId[] }>('/api/try-this', { isNews: false }).catch(
      () => undefined,
    );
    if (answer) setSeen(answer.seen);
  }

  function dismiss() {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
    document.cookie = 'crm_try=hidden; path=/; samesite=lax';
    setHidden(true);
  }

  return (
    <>
      <button type="button" className={styles.open} popoverTarget={popoverId}>
        <Icon name="list" />
        <span className={styles.label}>Try this</span>
      </button>
      <section
        id={popoverId}
        popover="auto"
        className={styles.popover}
        aria-labelledby={`${popoverId}-title`}
        onToggle={({ newState }) => newState === 'open' && void look()}
      >
        <div className={styles.head}>
          <h2 id={`${popoverId}-title`}>Try this</h2>
          <p className="meta" role="status">
            {seen.length} of {trials.length} seen
          </p>
        </div>
        <ul className={styles.list}>
          {trials.map((trial) => (
            <li key={trial.id}>
              <Trial {...trial} isSeen={seen.includes(trial.id)} />
            </li>
          ))}
        </ul>
        <div className={styles.foot}>
          <p className="meta">Ticked by what the server saw.</p>
          <button type="button" className="button button-quiet" onClick={dismiss}>
            Hide until next time
          </button>
        </div>
      </section>
    </>
  );
}

function Trial({ seen, how, href, isSeen }: (typeof trials)[number] & { readonly isSeen: boolean }) {
  return (
    <>
      <StatusMark shape={isSeen ? 'check' : 'ring'} tone={isSeen ? 'ok' : 'muted'}>
        <span className="hidden-visually">{isSeen ? 'Done: ' : 'To do: '}</span>
        <span className={styles.seen}>{seen}</span>
      </StatusMark>
      {!isSeen && (
        <a className={styles.how} href={href}>
          {how}
        </a>
      )}
    </>
  );
}
