import styles from './code-block.module.css';

/** Text that scrolls sideways rather than break the page, and so can be reached by keyboard. */
export function CodeBlock({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.block} tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  );
}
