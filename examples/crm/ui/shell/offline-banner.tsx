'use client';

import { useRouter } from 'next/navigation';
import { useOffline } from 'next/offline';
import { useEffect, useRef } from 'react';
import { hasUnsavedChanges } from '../scoring/has-unsaved-changes';
import { StatusMark } from '../status-mark';
import styles from './offline-banner.module.css';

/**
 * Says that the server is out of reach, in the flow, for as long as it is: the browser says so, or a request failed.
 * Meanwhile Next.js keeps a click on a link until there is an answer, so that no screen is lost; afterwards the screen is
 * read anew, unless somebody is typing in it.
 */
export function OfflineBanner() {
  const isOffline = useOffline();
  const router = useRouter();
  const wasOffline = useRef(false);

  useEffect(() => {
    const isBack = wasOffline.current && !isOffline;
    wasOffline.current = isOffline;
    if (isBack && !isSomebodyTyping()) router.refresh();
  }, [isOffline, router]);

  return (
    <div role="status" className={styles.place}>
      {isOffline && (
        <p className={styles.banner}>
          <StatusMark shape="dashed" tone="warn">
            <strong>You are offline.</strong>
          </StatusMark>{' '}
          What you see may be old; nothing you typed is lost.
        </p>
      )}
    </div>
  );
}

/** A search is no text that could be lost. */
function isSomebodyTyping(): boolean {
  return [...document.forms].some((form) => !form.closest('search') && hasUnsavedChanges(form));
}
