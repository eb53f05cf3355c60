import { drills } from '@/lib/drills/drills';
import { Icon } from '../icon';
import { AskForError } from './ask-for-error';
import { DrillForm } from './drill-form';
import styles from './drill-menu.module.css';
import { returnPath } from './return-path';

/** What may be broken here on purpose, each with what should hold meanwhile. Nothing, where nothing may be. */
export async function DrillMenu() {
  const { refusal, drills: list } = drills.list();
  if (refusal !== undefined) return null;
  const returnTo = await returnPath();
  const isRunning = list.some(({ startedAtMs }) => startedAtMs !== undefined);
  return (
    <>
      <button type="button" className={styles.open} popoverTarget="drills">
        <Icon name="bolt" />
        <span className={styles.label}>Drills</span>
      </button>
      <section id="drills" popover="auto" className={styles.popover} aria-labelledby="drills-title">
        <div className={styles.head}>
          <h2 id="drills-title">Break something</h2>
          <p className="meta">One server at a time. After a minute it is mended by itself.</p>
        </div>
        <ul className={styles.list}>
          {list.map(({ name, title, holds, startedAtMs }) => (
            <li key={name}>
              <p>{holds}</p>
              {startedAtMs !== undefined && (
                <DrillForm {...{ name, returnTo }} action="stop" label="Restore" />
              )}
              {!isRunning && <DrillForm {...{ name, returnTo }} action="start" label={title} />}
            </li>
          ))}
          <li>
            <p>An error of the code is captured once, with its line, its release and its trace.</p>
            <AskForError />
          </li>
        </ul>
        {isRunning && <p className={styles.foot}>Restore what is broken, then break another.</p>}
      </section>
    </>
  );
}
