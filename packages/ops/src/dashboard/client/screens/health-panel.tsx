import type { HealthPanel as Health, Verdict } from '../../screen-types';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';

const verdicts: Readonly<Record<'up' | 'degraded' | 'down', Verdict>> = {
  up: 'ok',
  degraded: 'warn',
  down: 'down',
};

/** What the probes of the platform are told, and by which checks. */
export function HealthPanel({ health }: { readonly health: Health }) {
  const { state, groups, checks } = health;
  return (
    <Panel title="Health" aside={`The process is ${state}`}>
      <ul class="marks">
        {Object.entries(groups).map(([group, status]) => (
          <li key={group}>
            <VerdictMark verdict={verdicts[status]}>
              {group}: {status}
            </VerdictMark>
          </li>
        ))}
      </ul>
      <DataTable
        caption="Health checks"
        rows={checks}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Check', cell: ({ name }) => name },
          {
            title: 'Status',
            hasPriority: true,
            cell: ({ status }) => <VerdictMark verdict={verdicts[status]}>{status}</VerdictMark>,
          },
          { title: 'Detail', cell: ({ detail }) => detail ?? '–' },
          {
            title: 'Looked at',
            isNumber: true,
            cell: ({ ageMs }) => (ageMs === undefined ? 'not yet' : `${duration(ageMs)} ago`),
          },
        ]}
      />
    </Panel>
  );
}
