import type { DashboardHeader, ScreenName } from '../../screen-types';
import { screenNames, screenTitles } from '../screen-titles';
import { ScreenLink } from './screen-link';

export interface NotConnectedProps {
  readonly header: DashboardHeader;
  readonly current: ScreenName;
}

/** The screens that nothing feeds, each with the line that would. */
export function NotConnected({ header, current }: NotConnectedProps) {
  const missing = screenNames.filter((name) => !header.screens[name]);
  if (missing.length === 0) return null;
  return (
    <details class="not-connected" open={missing.includes(current) || undefined}>
      <summary>Not connected ({missing.length})</summary>
      <ul>
        {missing.map((name) => (
          <li key={name}>
            <ScreenLink to={{ screen: name }} isCurrent={name === current}>
              {screenTitles[name]}
            </ScreenLink>
            {header.hints[name] !== undefined && <code>{header.hints[name]}</code>}
          </li>
        ))}
      </ul>
    </details>
  );
}
