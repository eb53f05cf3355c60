/** A counter can hold no more: the largest integer that a double has exactly. */
export const maxAmount = Number.MAX_SAFE_INTEGER;
