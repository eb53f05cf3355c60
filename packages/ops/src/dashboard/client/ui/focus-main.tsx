/** Gives the focus to the screen as a whole, when what had it is about to go. */
export function focusMain(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}
