import styles from './usage-board.module.css';
import skeleton from './usage-skeleton.module.css';

/** The shape of the screen while it is read. */
export function UsageSkeleton() {
  return (
    <div className={`${styles.board} ${skeleton.appearing}`} aria-busy="true">
      <p className="hidden-visually">Reading the usage</p>
      <div className={styles.meters} aria-hidden="true">
        {['calls', 'tokens', 'contacts', 'campaigns'].map((name) => (
          <div key={name} className={`panel ${skeleton.card}`} />
        ))}
      </div>
      <div className={`panel ${skeleton.table}`} aria-hidden="true" />
    </div>
  );
}
