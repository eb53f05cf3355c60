import styles from './avatar.module.css';

/** The initials of a name, beside the name. */
export function Avatar({ name }: { readonly name: string }) {
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('');
  return (
    <span className={styles.avatar} aria-hidden="true">
      {initials.slice(0, 2).toUpperCase() || '–'}
    </span>
  );
}
