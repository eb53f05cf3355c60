import type { QuotaScreen, Verdict } from '../../screen-types';
import { ShareBar } from '../charts/share-bar';
import { count, share } from '../format/numbers';
import { DataTable } from '../ui/data-table';
import { EmptyState } from '../ui/empty-state';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { When } from '../ui/when';

type Tenant = QuotaScreen['tenants'][number];

const verdicts: Readonly<Record<Tenant['state'], Verdict>> = {
  ok: 'ok',
  warn: 'warn',
  grace: 'warn',
  overage: 'warn',
  blocked: 'down',
};

/** Who is the nearest to a limit. */
export function TenantPanel({ tenants }: { readonly tenants: readonly Tenant[] }) {
  const isNear = tenants.some(({ state, used, of }) => state !== 'ok' || (of !== null && used / of > 0.8));
  return (
    <Panel title="Nearest to a limit" aside={`${count(tenants.length)} seen by this process`}>
      {!isNear && <EmptyState title="No tenant above 80 %" />}
      {tenants.length > 0 && <TenantTable tenants={tenants} />}
    </Panel>
  );
}

function TenantTable({ tenants }: { readonly tenants: readonly Tenant[] }) {
  return (
    <DataTable
      caption="Tenants, the nearest to a limit first"
      rows={tenants}
      keyOf={({ tenantId, limit }) => `${tenantId} ${limit}`}
      columns={[
        {
          title: 'Tenant',
          sortBy: ({ tenantId }) => tenantId,
          cell: ({ tenantId }) => <span class="route">{tenantId}</span>,
        },
        { title: 'Plan', sortBy: ({ plan }) => plan, cell: ({ plan }) => plan },
        {
          title: 'State',
          hasPriority: true,
          cell: ({ state }) => <VerdictMark verdict={verdicts[state]}>{state}</VerdictMark>,
        },
        { title: 'Limit', cell: ({ limit }) => limit },
        {
          title: 'Used',
          isNumber: true,
          sortBy: ({ used, of }) => (of ? used / of : null),
          cell: ({ used, of }) => <Used used={used} of={of} />,
        },
        {
          title: 'Full at',
          isNumber: true,
          sortBy: ({ exhaustedAtMs }) => exhaustedAtMs,
          cell: ({ exhaustedAtMs }) => (exhaustedAtMs === null ? '–' : <When atMs={exhaustedAtMs} asClock />),
        },
      ]}
    />
  );
}

function Used({ used, of }: Pick<Tenant, 'used' | 'of'>) {
  if (of === null) return <>{count(used)} of no limit</>;
  return (
    <span class="used">
      <ShareBar part={used} of={of} isOver={used > of} />
      {share(used, of)} of {count(of)}
    </span>
  );
}
