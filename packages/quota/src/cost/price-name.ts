/** What {@link isPriceName} wants, as an error says it. */
export const priceNameDemand = 'a text of 1 to 200 characters without control characters';

/**
 * Whether a model, a unit or a version may be called that: the name is kept with every event, and one that a database
 * refuses would take the others of its batch along.
 */
export function isPriceName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200 && !/\p{Cc}/u.test(value);
}
