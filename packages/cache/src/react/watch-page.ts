/** What happens to the page that shows the values. */
export interface PageEvents {
  /** Somebody looks at it again. */
  shown(): void;
  /** It is connected again. */
  connected(): void;
}

/** Listens to the page, where there is one. @returns ends it */
export function watchPage({ shown, connected }: PageEvents): () => void {
  const listeners = Object.entries({ visibilitychange: lookedAt, focus: lookedAt, online: connected });
  change('addEventListener');
  return () => change('removeEventListener');

  function change(method: 'addEventListener' | 'removeEventListener'): void {
    // React Native has a window without events.
    for (const [event, listener] of listeners) globalThis[method]?.(event, listener);
  }

  function lookedAt(): void {
    if (!isPageHidden()) shown();
  }
}

export function isPageHidden(): boolean {
  return globalThis.document?.visibilityState === 'hidden';
}
