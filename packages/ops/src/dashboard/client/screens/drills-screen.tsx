import type { DashboardHeader, DrillsScreen as DrillsData } from '../../screen-types';
import { EmptyState } from '../ui/empty-state';
import { DrillEntry } from './drill-entry';

export interface DrillsScreenProps {
  readonly data: DrillsData;
  readonly header: DashboardHeader;
}

/** What survives a failure? */
export function DrillsScreen({ data, header }: DrillsScreenProps) {
  const { refusal, drills } = data;
  if (refusal !== undefined || drills.length === 0) {
    return (
      <div class="panel">
        <EmptyState title={refusal ?? 'No drill is offered'} />
      </div>
    );
  }
  return (
    <ul class="drills">
      {drills.map((drill) => (
        <DrillEntry key={drill.name} drill={drill} nowMs={header.atMs} mayAct={header.mayAct} />
      ))}
    </ul>
  );
}
