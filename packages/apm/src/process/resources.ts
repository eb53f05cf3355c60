import { getHeapStatistics } from 'node:v8';
import type { Watch } from './process-metrics';
import type { ProcessRecorder } from './process-types';

/** Memory, CPU, handles and age of the process. */
export function startResources(recorder: ProcessRecorder): Watch {
  let before = process.cpuUsage();
  return {
    look() {
      const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
      recorder.gauge('process_resident_memory_bytes', rss);
      recorder.gauge('nodejs_heap_size_total_bytes', heapTotal);
      recorder.gauge('nodejs_heap_size_used_bytes', heapUsed);
      recorder.gauge('nodejs_heap_size_limit_bytes', getHeapStatistics().heap_size_limit);
      recorder.gauge('nodejs_external_memory_bytes', external);

      const now = process.cpuUsage();
      recorder.count('process_cpu_user_seconds_total', (now.user - before.user) / 1e6);
      recorder.count('process_cpu_system_seconds_total', (now.system - before.system) / 1e6);
      before = now;

      recorder.gauge('nodejs_active_resources', process.getActiveResourcesInfo().length);
      recorder.gauge('process_uptime_seconds', process.uptime());
    },
    end: () => undefined,
  };
}
