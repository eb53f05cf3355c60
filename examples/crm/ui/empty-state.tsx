import styles from './empty-state.module.css';

/** Nothing to show: what that means, and one thing to do about it. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: React.ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <p>{title}</p>
      {children}
    </div>
  );
}
