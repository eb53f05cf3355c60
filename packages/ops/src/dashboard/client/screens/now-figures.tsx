import type { PulseSecond } from '../../screen-types';
import { count, counted, share } from '../format/numbers';
import { Figures } from '../ui/figures';

/** The last five minutes in four figures. */
export function NowFigures({ pulse }: { readonly pulse: readonly PulseSecond[] }) {
  const sum = (of: (second: PulseSecond) => number) => pulse.reduce((total, second) => total + of(second), 0);
  const requests = sum((second) => second.requests);
  const errors = sum((second) => second.errors);
  const refused = sum((second) => second.refused);
  const reads = sum((second) => second.cacheReads);
  const hits = sum((second) => second.cacheHits);
  const over = `in ${counted(pulse.length, 'second')}`;
  return (
    <Figures
      figures={[
        { label: 'Requests', value: count(requests), note: over },
        { label: 'Failed', value: share(errors, requests), note: `${count(errors)} of ${count(requests)}` },
        { label: 'Refused', value: count(refused), note: 'to stay alive, or by a plan' },
        {
          label: 'Cache hits',
          value: share(hits, reads),
          note: `${count(hits)} of ${counted(reads, 'read')}`,
        },
      ]}
    />
  );
}
