import { signal } from '@preact/signals-core';

const query = matchMedia('(max-width: 639px)');
const isNarrow = signal(query.matches);
query.addEventListener('change', () => {
  isNarrow.value = query.matches;
});

/** There is room for two columns only. */
export function useNarrow(): boolean {
  return isNarrow.value;
}
