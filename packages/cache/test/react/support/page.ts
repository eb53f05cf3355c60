/** Hides or shows the page of jsdom, as a change of the tab does. */
export function setVisible(visible: boolean): void {
  const visibilityState = visible ? 'visible' : 'hidden';
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: visibilityState });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}
