import type { ComponentChildren } from 'preact';
import type { Verdict } from '../../screen-types';
import { type MarkShape, type MarkTone, StatusMark } from './status-mark';

export const verdictLooks: Readonly<
  Record<Verdict, { readonly shape: MarkShape; readonly tone: MarkTone; readonly word: string }>
> = {
  ok: { shape: 'check', tone: 'ok', word: 'Healthy' },
  warn: { shape: 'triangle', tone: 'warn', word: 'Degraded' },
  down: { shape: 'cross', tone: 'critical', word: 'Down' },
  none: { shape: 'dashed', tone: 'muted', word: 'No data' },
};

export interface VerdictMarkProps {
  readonly verdict: Verdict;
  /** In place of the verdict's own word. */
  readonly children?: ComponentChildren;
}

export function VerdictMark({ verdict, children }: VerdictMarkProps) {
  const { shape, tone, word } = verdictLooks[verdict];
  return (
    <StatusMark shape={shape} tone={tone}>
      {children ?? word}
    </StatusMark>
  );
}
