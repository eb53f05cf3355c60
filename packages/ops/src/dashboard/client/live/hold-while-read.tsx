import type { Store } from '../store';

/** Live lists stand still while one has the focus, or something in one is selected. */
export function holdWhileRead(store: Store): void {
  const look = () => store.hold(isInLiveList(document.activeElement) || isSelected());
  document.addEventListener('focusin', look);
  document.addEventListener('focusout', () => queueMicrotask(look));
  document.addEventListener('selectionchange', look);
}

function isSelected(): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && isInLiveList(selection.anchorNode);
}

function isInLiveList(node: Node | null): boolean {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest('[data-live]') != null;
}
