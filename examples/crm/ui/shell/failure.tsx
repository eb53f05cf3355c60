import styles from './failure.module.css';

/** A screen that says why there is nothing else on it. */
export function Failure({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.failure}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}
