import type { SlosScreen, Verdict } from '../../screen-types';
import { ShareBar } from '../charts/share-bar';
import { count, goal, share } from '../format/numbers';
import { duration } from '../format/times';
import { Figures } from '../ui/figures';
import { Panel } from '../ui/panel';
import { ScreenLink } from '../ui/screen-link';
import { VerdictMark } from '../ui/verdict-mark';
import { budgetOf } from './error-budget';
import { queryOf } from './filter-requests';

type Slo = SlosScreen['rows'][number];

const states: Readonly<Record<Slo['state'], readonly [Verdict, string]>> = {
  ok: ['ok', 'Within budget'],
  warning: ['warn', 'Burning'],
  page: ['down', 'Burning fast'],
  'no-data': ['none', 'No data'],
};

const windows = ['5m', '30m', '1h', '6h'] as const;

export function SloPanel({ slo }: { readonly slo: Slo }) {
  const { name, route, target, underMs, windowDays, good, total, burn, state, goneInMs } = slo;
  const [verdict, word] = states[state];
  const budget = budgetOf(slo);
  const promise = `${goal(target)} ${underMs === undefined ? 'without an error' : `under ${duration(underMs)}`}`;
  const spentBy = queryOf({
    route: route === '*' ? '' : route,
    status: underMs === undefined ? '5xx' : '',
    slowerThanMs: underMs,
  });
  return (
    <Panel title={name} aside={<VerdictMark verdict={verdict}>{word}</VerdictMark>}>
      <p class="promise">
        {promise}, of {route === '*' ? 'every route' : <span class="route">{route}</span>}, over {windowDays}{' '}
        days.
      </p>
      <Figures
        figures={[
          { label: 'Good', value: share(good, total), note: `${count(good)} of ${count(total)}` },
          {
            label: 'Budget spent',
            value: share(budget.spent, budget.allowed),
            note: `${count(budget.spent)} of ${count(Math.floor(budget.allowed))} allowed`,
          },
          {
            label: 'Budget gone in',
            value: goneInMs === null ? '–' : duration(goneInMs),
            note: goneInMs === null ? 'not within the window' : 'at the burn of the last hour',
          },
        ]}
      />
      <ShareBar part={budget.spent} of={budget.allowed} isOver={budget.spent > budget.allowed} />
      <dl class="burns">
        {windows.map((window) => (
          <div key={window}>
            <dt>Burn, {window}</dt>
            <dd>{burn[window] === null ? '–' : `${count(burn[window])} ×`}</dd>
          </div>
        ))}
      </dl>
      <p class="panel-foot">
        <ScreenLink to={{ screen: 'requests' }} query={spentBy} class="button">
          Show requests that spent it
        </ScreenLink>
      </p>
    </Panel>
  );
}
