import type { ComponentChildren } from 'preact';

/** Shape first, then word, then colour: each tells the states apart without the others. */
const shapes = {
  check: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path class="mark-inside" d="M4.25 7.2 6.2 9.1 9.8 5.2" />
    </>
  ),
  triangle: <path d="M7 1.2 13.3 12.5H.7z" fill="currentColor" />,
  cross: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" />
      <path class="mark-inside" d="m4.5 4.5 5 5m0-5-5 5" />
    </>
  ),
  dashed: <circle class="mark-ring" cx="7" cy="7" r="5.25" stroke-dasharray="2.2 1.93" />,
  ring: <circle class="mark-ring" cx="7" cy="7" r="5.25" />,
  bars: <path d="M2.5 1.5h3.25v11H2.5zm5.75 0h3.25v11H8.25z" fill="currentColor" />,
} as const;

export type MarkShape = keyof typeof shapes;
export type MarkTone = 'muted' | 'ok' | 'warn' | 'critical';

export interface StatusMarkProps {
  readonly shape: MarkShape;
  readonly tone: MarkTone;
  readonly children: ComponentChildren;
}

export function StatusMark({ shape, tone, children }: StatusMarkProps) {
  return (
    <span class="mark">
      <svg class={`tone-${tone}`} aria-hidden="true" width="14" height="14" viewBox="0 0 14 14">
        {shapes[shape]}
      </svg>
      <span>{children}</span>
    </span>
  );
}
