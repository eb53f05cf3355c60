import type { Clock } from '@unite/core';
import type { Position, ReplayPosition } from '../node/replay-position';
import type { Operation } from '../operation';

/** How long the first one is asked alone, but for half of the time at most. */
const longestAloneMs = 5;

/**
 * The first of the replicas to have replayed `position`, or `undefined` when none has in time. One is asked. Where it
 * has not got there after a moment, or is gone, the others are asked as well: a replica that stands still would send
 * its share of the reads to the primary, though another has long been ready.
 *
 * @throws Interrupted
 */
export async function firstToReach<Node extends { readonly replay: ReplayPosition }>(
  first: Node,
  others: readonly Node[],
  position: Position,
  timeoutMs: number,
  clock: Clock,
  operation: Operation,
): Promise<Node | undefined> {
  const timer = new AbortController();
  const asked: (() => void)[] = [];
  const reached = new Promise<Node | undefined>((resolve) => {
    let unasked = others;
    let open = 0;
    const ask = (node: Node) => {
      open += 1;
      const answer = (hasReached: boolean) => {
        open -= 1;
        if (hasReached) return resolve(node);
        askOthers();
        if (open === 0) resolve(undefined);
      };
      asked.push(node.replay.ask(position, answer));
    };
    const askOthers = () => {
      if (timer.signal.aborted) return;
      const nodes = unasked;
      unasked = [];
      nodes.forEach(ask);
    };
    ask(first);
    // Timers of our own: a replica that says nothing must not make anybody wait for longer.
    const aloneMs = Math.min(longestAloneMs, timeoutMs / 2);
    clock
      .sleep(aloneMs, timer.signal)
      .then(() => {
        askOthers();
        return clock.sleep(timeoutMs - aloneMs, timer.signal);
      })
      .then(
        () => resolve(undefined),
        () => undefined,
      );
  });
  try {
    return await operation.race(reached);
  } finally {
    timer.abort();
    for (const stop of asked) stop();
  }
}
