import type { QuotaScreen } from '../../screen-types';
import { count, dollars } from '../format/numbers';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';

export function CostPanel({ costs }: Pick<QuotaScreen, 'costs'>) {
  return (
    <Panel title="What costs most" aside={`${count(costs.length)} routes, since the start`}>
      <DataTable
        caption="Costs by route"
        rows={costs}
        keyOf={({ route }) => route}
        columns={[
          {
            title: 'Route',
            sortBy: ({ route }) => route,
            cell: ({ route }) => <span class="route">{route}</span>,
          },
          {
            title: 'Uses',
            isNumber: true,
            sortBy: ({ amount }) => amount,
            cell: ({ amount }) => count(amount),
          },
          {
            title: 'Cost',
            isNumber: true,
            hasPriority: true,
            sortBy: ({ costNanoUsd }) => Number(costNanoUsd),
            cell: ({ costNanoUsd }) => dollars(costNanoUsd),
          },
        ]}
      />
    </Panel>
  );
}
