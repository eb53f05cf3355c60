import type { PatchReport } from '../pipeline-types';
import type { SetUpFinding } from './check-types';

type Missed = PatchReport['missed'][number];

const remedies: Record<Missed['reason'], string> = {
  'loaded-before':
    'Call startTracing in a file of its own that is loaded before anything imports the driver, or run node --import @unite/tracing/register',
  'no-esm-hook':
    'Run node --import @unite/tracing/register: modules that are imported can only be patched by a hook that is there before',
};

const reasons: Record<Missed['reason'], string> = {
  'loaded-before': 'was loaded before startTracing',
  'no-esm-hook': 'was loaded as an ES module, for which there is no hook',
};

/** Whether each instrumentation found what it patches. Modules that nobody has loaded are no finding. */
export function checkInstrumentations(reports: readonly PatchReport[]): SetUpFinding[] {
  return reports.flatMap(({ name, patched, missed, note }) => {
    const code = `UNITE_TRACING_NOT_PATCHED_${name.toUpperCase().replaceAll(/[^A-Z]/g, '_')}`;
    const subject = `instrumentation ${name}`;
    const [first] = missed;
    if (first) {
      return {
        code,
        subject,
        status: 'failed' as const,
        detail: `${first.module} ${reasons[first.reason]}: nothing of it is seen`,
        remedy: remedies[first.reason],
      };
    }
    if (note !== undefined) return { code, subject, status: 'skipped' as const, detail: note };
    if (patched.length === 0) return [];
    return { code, subject, status: 'passed' as const, detail: `${patched.join(', ')} patched` };
  });
}
