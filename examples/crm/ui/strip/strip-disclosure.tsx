'use client';

import styles from './request-strip.module.css';

/** Open or closed, as this browser last left it. */
export function StripDisclosure({
  isOpen,
  children,
}: {
  readonly isOpen: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <details
      className={styles.strip}
      open={isOpen}
      onToggle={({ currentTarget }) => {
        const value = currentTarget.open ? 'open' : 'closed';
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
        document.cookie = `crm_strip=${value}; path=/; max-age=31536000; samesite=lax`;
      }}
    >
      <summary>This request</summary>
      {children}
    </details>
  );
}
