import type { DashboardHeader, ScreenName } from '../../screen-types';
import { screenNames, screenTitles } from '../screen-titles';
import { useDashboard } from './dashboard-context';
import { NotConnected } from './not-connected';
import { ScreenLink } from './screen-link';
import { useNarrow } from './use-narrow';
import { VerdictMark, verdictLooks } from './verdict-mark';

/** The way to every screen; behind a disclosure where there is no room. */
export function Navigation({ header }: { readonly header: DashboardHeader }) {
  const { store } = useDashboard();
  const { screen } = store.place.value;
  const current = screen === 'trace' ? 'traces' : screen;
  const list = <ScreenList header={header} current={current} />;
  return (
    <nav class="navigation" aria-label="Screens">
      {useNarrow() ? (
        // With another key it is another one: closed again once somebody has arrived.
        <details key={screen} class="navigation-fold">
          <summary>Screens: {screenTitles[current]}</summary>
          {list}
        </details>
      ) : (
        list
      )}
    </nav>
  );
}

function ScreenList({ header, current }: { readonly header: DashboardHeader; readonly current: ScreenName }) {
  const { verdicts } = useDashboard().store;
  return (
    <>
      <ul>
        {screenNames
          .filter((name) => header.screens[name])
          .map((name) => (
            <li key={name}>
              <ScreenLink to={{ screen: name }} isCurrent={name === current}>
                {screenTitles[name]}
                <Trouble verdict={verdicts.value.get(name)} />
              </ScreenLink>
            </li>
          ))}
      </ul>
      <NotConnected header={header} current={current} />
    </>
  );
}

/** Only what is wrong is marked: ten green discs say nothing. */
function Trouble({ verdict }: { readonly verdict: keyof typeof verdictLooks | undefined }) {
  if (verdict !== 'warn' && verdict !== 'down') return null;
  return (
    <VerdictMark verdict={verdict}>
      <span class="hidden-visually">, {verdictLooks[verdict].word}</span>
    </VerdictMark>
  );
}
