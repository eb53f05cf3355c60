import { effect, signal } from '@preact/signals-core';
import type { ScreenName, Verdict } from '../../screen-types';
import { screenTitles } from '../screen-titles';
import type { Store } from '../store';
import { type AnnouncerOptions, createAnnouncer } from './announcer';
import type { StreamState } from './live-stream';

const words: Readonly<Record<Verdict, string>> = {
  ok: 'is healthy again',
  warn: 'is degraded',
  down: 'is down',
  none: 'has no data',
};

const streamSentences: Readonly<Partial<Record<StreamState, string>>> = {
  lost: 'The connection is lost.',
  ended: 'The connection is lost, and is not tried again.',
  refused: 'Access has ended.',
};

/** Says in words what changes: all of it calmly, and what is down at once. */
export function announceChanges(store: Store, options: AnnouncerOptions) {
  const { sentence, say } = createAnnouncer(options);
  const alarm = signal('');
  let before = store.verdicts.value;
  let stateBefore: StreamState = 'connecting';
  effect(() => {
    const verdicts = store.verdicts.value;
    for (const [screen, verdict] of verdicts) {
      if (before.has(screen) && before.get(screen) !== verdict) tell(screen, verdict);
    }
    before = verdicts;
    // Whatever is down next is said again.
    if (![...verdicts.values()].includes('down')) alarm.value = '';
  });
  effect(() => {
    const state = store.stream.value;
    const said =
      state === 'live' && stateBefore === 'lost' ? 'The connection is back.' : streamSentences[state];
    if (said && state !== stateBefore) say(said);
    // Between the two it is being connected.
    if (state !== 'connecting') stateBefore = state;
  });

  function tell(screen: ScreenName, verdict: Verdict): void {
    const text = `${screenTitles[screen]} ${words[verdict]}.`;
    if (verdict === 'down') alarm.value = text;
    else say(text);
  }

  return { sentence, alarm };
}
