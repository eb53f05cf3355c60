import type { QuotaUse } from '../cost/cost-types';
import type { MetricRecorder } from '../metrics/recorder-types';
export function subscribeToFamily(
  _recorder: MetricRecorder,
  _options: {
    onSlowQuery?: (q: {
      cluster: string;
      statement: string;
      seconds: number;
      route?: string | undefined;
    }) => void;
    onDatabaseTime?: (s: number) => void;
    onQuotaUse?: (m: QuotaUse) => void;
    slowQueryMs?: number;
  },
): () => void {
  return () => {};
}
