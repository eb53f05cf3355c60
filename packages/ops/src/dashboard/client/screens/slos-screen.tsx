import type { SlosScreen as SlosData } from '../../screen-types';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';
import { SloPanel } from './slo-panel';

const example = `import { slo, startApm } from '@unite/apm';

const slos = [slo('api-latency', { target: 0.99, underMs: 200 })];
export const apm = startApm({ service, slos });`;

/** How long until the budget is gone? */
export function SlosScreen({ data }: { readonly data: SlosData }) {
  if (data.rows.length === 0) {
    return (
      <div class="panel">
        <EmptyState title="No objective is declared">
          <p>Say what is good enough, and this screen says how long it will last:</p>
          <CodeBlock label="How to declare an objective" code={example} />
        </EmptyState>
      </div>
    );
  }
  return (
    <div class="stack">
      {data.rows.map((slo) => (
        <SloPanel key={slo.name} slo={slo} />
      ))}
    </div>
  );
}
