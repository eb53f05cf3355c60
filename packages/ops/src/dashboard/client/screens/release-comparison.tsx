import { useState } from 'preact/hooks';
import type { ReleasesScreen } from '../../screen-types';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { compareReleases } from './compare-releases';

type Release = ReleasesScreen['rows'][number];

/** Two releases side by side; at first this one, and the one before it. */
export function ReleaseComparison({ releases }: { readonly releases: readonly Release[] }) {
  const [chosen, setChosen] = useState<string | undefined>();
  const [against, setAgainst] = useState<string | undefined>();
  const one =
    releases.find(({ release }) => release === chosen) ??
    releases.find(({ isCurrent }) => isCurrent) ??
    releases[0];
  const others = releases.filter(({ release }) => release !== one?.release);
  const other = others.find(({ release }) => release === against) ?? others[0];
  if (!one || !other) return null;
  const { verdict, sentence } = compareReleases(one, other);
  return (
    <Panel title="Compare two">
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <ReleaseChoice title="Release" releases={releases} chosen={one} choose={setChosen} />
        <ReleaseChoice title="Against" releases={others} chosen={other} choose={setAgainst} />
        <p class="outcome">
          <VerdictMark verdict={verdict}>{sentence}</VerdictMark>
        </p>
      </form>
    </Panel>
  );
}

interface ReleaseChoiceProps {
  readonly title: string;
  readonly releases: readonly Release[];
  readonly chosen: Release;
  readonly choose: (release: string) => void;
}

function ReleaseChoice({ title, releases, chosen, choose }: ReleaseChoiceProps) {
  return (
    <label>
      <span>{title}</span>
      <select
        class="input"
        value={chosen.release}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {releases.map(({ release }) => (
          <option key={release} value={release}>
            {release}
          </option>
        ))}
      </select>
    </label>
  );
}
