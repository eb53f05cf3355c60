import type { QuotaScreen as QuotaData, Verdict } from '../../screen-types';
import { count, shareOf } from '../format/numbers';
import { Figures } from '../ui/figures';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { CostPanel } from './cost-panel';
import { TenantPanel } from './tenant-panel';

const verdicts: Readonly<Record<QuotaData['ledger'], Verdict>> = { up: 'ok', down: 'down', none: 'none' };

/** Who is refused next, what costs most? */
export function QuotaScreen({ data }: { readonly data: QuotaData }) {
  const { store, ledger, allowed, denied, unavailable, lost, tenants, costs } = data;
  const decisions = allowed + denied + unavailable;
  return (
    <div class="stack">
      <Panel
        title="Decisions"
        aside={
          <>
            <VerdictMark verdict={verdicts[store]}>Store {store}</VerdictMark>{' '}
            <VerdictMark verdict={verdicts[ledger]}>
              {ledger === 'none' ? 'No ledger' : `Ledger ${ledger}`}
            </VerdictMark>
          </>
        }
      >
        <Figures
          figures={[
            { label: 'Allowed', value: count(allowed), note: shareOf(allowed, decisions) },
            { label: 'Refused', value: count(denied), note: shareOf(denied, decisions) },
            { label: 'Undecided', value: count(unavailable), note: 'the store did not answer' },
            { label: 'Lost entries', value: count(lost), note: 'of the ledger' },
          ]}
        />
      </Panel>
      <TenantPanel tenants={tenants} />
      {costs.length > 0 && <CostPanel costs={costs} />}
    </div>
  );
}
