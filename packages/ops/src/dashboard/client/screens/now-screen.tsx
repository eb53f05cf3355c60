import type { DashboardHeader, NowScreen as NowData } from '../../screen-types';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';
import { FindingsPanel } from './findings-panel';
import { HealthPanel } from './health-panel';
import { NowCharts } from './now-charts';
import { NowFigures } from './now-figures';
import { VerdictList } from './verdict-list';

/** Is it healthy? If not, where? */
export function NowScreen({ data, header }: { readonly data: NowData; readonly header: DashboardHeader }) {
  const { pulse, verdicts, health, findings } = data;
  const isWaiting = pulse.every(({ requests }) => requests === 0);
  return (
    <div class="stack">
      {verdicts.length > 0 && <VerdictList verdicts={verdicts} />}
      {isWaiting ? (
        <Waiting />
      ) : (
        <>
          <NowFigures pulse={pulse} />
          <NowCharts data={data} nowMs={header.atMs} />
        </>
      )}
      {health && <HealthPanel health={health} />}
      {findings.length > 0 && <FindingsPanel findings={findings} />}
    </div>
  );
}

function Waiting() {
  return (
    <div class="panel">
      <EmptyState title="Waiting for the first request">
        <p>None has come in the last five minutes. One from your shell shows up here a second later:</p>
        <CodeBlock label="A request from the shell" code={`curl ${location.origin}/`} />
      </EmptyState>
    </div>
  );
}
