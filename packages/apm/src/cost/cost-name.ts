/** What {@link isCostName} wants, as a warning says it. */
export const costNameDemand = 'a text of 1 to 255 characters without control characters';

const controlCharacter = /\p{Cc}/u;

/** Whether a kind, a model, a route or a tenant may be called that: names are kept, and are labels of metrics. */
export function isCostName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 255 && !controlCharacter.test(value);
}
