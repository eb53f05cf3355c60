import type { ComponentChildren } from 'preact';

export interface Figure {
  readonly label: string;
  readonly value: ComponentChildren;
  /** The denominator, or since when. */
  readonly note?: ComponentChildren;
}

/** A few large figures, each with what it is. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ label, value, note }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <span class="figure">{value}</span>
            {note !== undefined && <span class="meta">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
