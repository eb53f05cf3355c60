import type { NowScreen, Verdict } from '../../screen-types';
import { screenTitles } from '../screen-titles';
import { ScreenLink } from '../ui/screen-link';
import { VerdictMark, verdictLooks } from '../ui/verdict-mark';

const badness: Readonly<Record<Verdict, number>> = { down: 3, warn: 2, ok: 1, none: 0 };

/** One sentence for the whole, then one for each part, the worst first. */
export function VerdictList({ verdicts }: { readonly verdicts: NowScreen['verdicts'] }) {
  const sorted = [...verdicts].sort((a, b) => badness[b.verdict] - badness[a.verdict]);
  const worst = sorted[0];
  const overall = worst?.verdict ?? 'none';
  const isWrong = overall === 'warn' || overall === 'down';
  return (
    <section class={`panel overall overall-${overall}`} aria-labelledby="overall">
      <div class="overall-head">
        <h2 id="overall">
          <VerdictMark verdict={overall} />
        </h2>
        {worst && isWrong && (
          <ScreenLink to={{ screen: worst.screen }} class="button">
            Open {screenTitles[worst.screen]}
          </ScreenLink>
        )}
      </div>
      <ul class="verdicts">
        {sorted.map(({ screen, verdict, sentence }) => (
          <li key={screen}>
            <ScreenLink to={{ screen }}>{screenTitles[screen]}</ScreenLink>
            <VerdictMark verdict={verdict}>
              <span class={isWrongOne(verdict) ? undefined : 'hidden-visually'}>
                {verdictLooks[verdict].word}.{' '}
              </span>
              {sentence}
            </VerdictMark>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isWrongOne(verdict: Verdict): boolean {
  return verdict === 'warn' || verdict === 'down';
}
