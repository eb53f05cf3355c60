'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import styles from './flash.module.css';
import { Icon } from './icon';

const eventName = 'crm:flash';

/** Says what just happened, on this screen or on the one that is being opened. */
export function flash(message: string): void {
  window.dispatchEvent(new CustomEvent(eventName, { detail: message }));
}

/** The place where {@link flash} is seen and heard: in the flow, over nothing, until the next screen. */
export function Flash() {
  const pathname = usePathname();
  const [note, setNote] = useState<{
    readonly message: string;
    readonly saidOn: string;
    readonly seenOn?: string;
  }>();

  useEffect(() => {
    const listen = (event: Event) => {
      setNote({ message: (event as CustomEvent<string>).detail, saidOn: window.location.pathname });
    };
    window.addEventListener(eventName, listen);
    return () => window.removeEventListener(eventName, listen);
  }, []);

  useEffect(() => {
    setNote((current) => {
      if (!current || current.saidOn === pathname || current.seenOn === pathname) return current;
      return current.seenOn === undefined ? { ...current, seenOn: pathname } : undefined;
    });
  }, [pathname]);

  return (
    <div role="status" className={styles.place}>
      {note && (
        <p className={styles.flash}>
          {note.message}
          <button type="button" onClick={() => setNote(undefined)} aria-label="Dismiss">
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
