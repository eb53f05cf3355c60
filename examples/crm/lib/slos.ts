import { slo } from '@unite/apm/slo';

/** What the application promises. Alert rules and dashboards are generated of it: `npm run unite -- rules`. */
export const slos = [
  slo('api-latency', { target: 0.99, underMs: 200 }),
  slo('api-errors', { target: 0.999 }),
  // A model takes its time. Of a stream, until its first word.
  slo('scoring-latency', { route: 'POST /api/contacts/[id]/score', target: 0.95, underMs: 5_000 }),
];
