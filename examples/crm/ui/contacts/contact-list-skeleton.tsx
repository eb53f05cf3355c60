import styles from './contact-list.module.css';

const rows = Array.from({ length: 12 }, (_, index) => index);

/** The list's shape while it is read. */
export function ContactListSkeleton() {
  return (
    <div className={`${styles.frame} ${styles.appearing}`}>
      <p className="hidden-visually" role="status">
        Loading contacts
      </p>
      <table className={`${styles.table} ${styles.skeleton}`} aria-hidden="true">
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <td className={styles.nameColumn} />
              <td className={styles.wide} />
              <td className={styles.wide} />
              <td className={styles.widest} />
              <td className={`${styles.widest} ${styles.scoreColumn}`} />
              <td className={styles.stageColumn} />
              <td className={`${styles.wide} ${styles.changedColumn}`} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
