/** A text that is no longer than its column. */
export function cut(text: unknown, maxLength: number): string {
  const whole = String(text);
  return whole.length > maxLength ? `${whole.slice(0, maxLength - 1)}…` : whole;
}

/** The same of what may not be there. */
export function cutIfThere(text: unknown, maxLength: number): string | undefined {
  return typeof text === 'string' ? cut(text, maxLength) : undefined;
}
