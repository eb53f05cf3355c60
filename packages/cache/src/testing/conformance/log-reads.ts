import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry, LogMark, RemoteConnection, SyncReply } from '../../remote-types';
import { demand, demandSame, demandSoon } from './demand';
import { append, check, longMs, sync } from './place';

/** A log that retains more than this is never behind. */
const maxAppends = 12_000;
const appendsAtATime = 300;

/** Reads on until there is no more. */
async function drain(
  connection: RemoteConnection,
  from: LogMark,
): Promise<readonly LogEntry[] | SyncReply['state']> {
  const entries: LogEntry[] = [];
  let since = from;
  let reply: SyncReply;
  do {
    reply = await sync(connection, { since });
    if (reply.state !== 'whole') return reply.state;
    entries.push(...reply.entries);
    since = reply.entries.at(-1)?.mark ?? since;
  } while (reply.more);
  return entries;
}

/** What is read of the log. */
export const logReadChecks = [
  check('no-log', 'Where no log is yet, it is lost; the first invalidation makes one.', async ({ a, b }) => {
    const before = await sync(a, { names: ['ta'], touch: true });
    demandSame(
      [before.state, before.mark, before.clearedAt, before.entries],
      ['lost', undefined, 0, []],
      'at first',
    );
    const { mark } = await append(a, ['ta']);
    const { state, mark: newest, clearedAt, entries, more } = await sync(b);
    demandSame([state, newest, entries, more], ['whole', mark, [], false], 'after the first invalidation');
    demandSame(clearedAt, mark.position, 'everything is invalid with the beginning of a log: clearedAt');
  }),

  check('in-order', 'What came after a place is read in order, with its names.', async ({ a, b }) => {
    const marks = [(await append(a, ['*'])).mark];
    for (const connection of [a, b, a, b])
      marks.push((await append(connection, [`t${marks.length}`, 'kboth'])).mark);
    const since = marks[0] as LogMark;
    const { state, entries, mark, more } = await sync(b, { since });
    demandSame([state, more], ['whole', false], 'state and more');
    demandSame(
      entries.map((entry) => entry.mark),
      marks.slice(1),
      'marks',
    );
    demandSame(
      entries.map(({ names }) => names),
      [1, 2, 3, 4].map((index) => [`t${index}`, 'kboth']),
      'names',
    );
    demandSame(mark, marks.at(-1), 'the newest mark');
    const middle = await sync(a, { since: marks[3] as LogMark });
    demandSame(
      middle.entries.map((entry) => entry.mark),
      marks.slice(4),
      'marks after one in the middle',
    );
    const none = await sync(a, { since: marks[4] as LogMark });
    demandSame([none.state, none.entries, none.mark], ['whole', [], marks[4]], 'after the newest');
  }),

  check(
    'page-by-page',
    'Where more is new than one reply holds, reading on brings all of it.',
    async ({ a, b }) => {
      const { mark } = await append(a, ['*']);
      for (let at = 0; at < 1_200; at += appendsAtATime) {
        await Promise.all(
          Array.from({ length: appendsAtATime }, (_, index) => append(a, [`t${at + index}`])),
        );
      }
      const entries = await drain(b, mark);
      // It may retain less than that.
      if (entries === 'behind') return;
      demand(entries !== 'lost', 'the log is lost');
      const positions = (entries as readonly LogEntry[]).map((entry) => entry.mark.position);
      demandSame(positions.length, 1_200, 'entries');
      demandSame(
        positions,
        [...positions].sort((one, other) => one - other),
        'positions in order',
      );
      demandSame(
        new Set((entries as readonly LogEntry[]).flatMap(({ names }) => names)).size,
        1_200,
        'names',
      );
    },
  ),

  check('behind', 'Who asks for more than the log retains is told so.', async ({ a, b }) => {
    const { mark } = await append(a, ['*']);
    let state: SyncReply['state'] = 'whole';
    for (let count = 0; state === 'whole' && count < maxAppends; count += appendsAtATime) {
      await Promise.all(Array.from({ length: appendsAtATime }, () => append(a, ['tsame'])));
      state = (await sync(b, { since: mark })).state;
    }
    demand(state !== 'lost', 'an old place of the same history is lost');
    if (state === 'whole') return;
    const reply = await sync(b, { since: mark });
    demandSame(reply.entries, [], 'entries to who is behind');
    demandSame((await sync(b, { since: reply.mark })).state, 'whole', 'from the newest place on');
  }),

  check('lost', 'A log that was removed is lost, also when another was begun.', async ({ a, b }) => {
    await append(a, ['*']);
    const { mark } = await append(a, ['ta'], { token: 'token' });
    await b.dropLog();
    const gone = await sync(a, { since: mark, names: ['ta'], touch: true });
    demandSame([gone.state, gone.mark, gone.clearedAt], ['lost', undefined, 0], 'without a log');
    const anew = await append(b, ['tb'], { after: mark.position });
    demand(
      anew.mark.position > mark.position,
      'the first position of the new log is not after the last of the old',
    );
    const reply = await sync(a, { since: mark, names: ['ta'] });
    demand(reply.state !== 'whole', 'a place of the old log is taken for one of the new log');
    demandSame(reply.mark, anew.mark, 'the newest mark of the new log');
    demandSame(reply.clearedAt, anew.mark.position, 'everything is invalid with a new log: clearedAt');
  }),

  check('other-history', 'A place of another history is not taken for one of this.', async (place) => {
    const other = place.connect(`${place.namespace}-other`);
    const { mark: before } = await append(other, ['*']);
    await append(place.a, ['*']);
    const { mark: between } = await append(other, ['ta']);
    await append(place.a, ['ta']);
    const { mark: after } = await append(other, ['ta'], { after: between.position + 60_000_000 });
    demand(
      (await sync(place.b, { since: before })).state !== 'whole',
      'a place from before the log is known',
    );
    demandSame((await sync(place.b, { since: between })).state, 'lost', 'from a place in between');
    demandSame((await sync(place.b, { since: after })).state, 'lost', 'from a place of the future');
  }),

  check(
    'last-invalidations',
    'For each name asked for the last position is told, in order.',
    async ({ a, b }) => {
      const { mark: cleared } = await append(a, ['*']);
      const { mark: first } = await append(a, ['ta', 'kx']);
      const { mark: second } = await append(b, ['ta', 'tb']);
      const { lastInvalidations, clearedAt } = await sync(b, { names: ['tb', 'never', 'kx', 'ta', 'tA'] });
      demandSame(lastInvalidations, [second.position, 0, first.position, second.position, 0], 'positions');
      demandSame(clearedAt, cleared.position, 'clearedAt');
      const { mark: again } = await append(b, ['*']);
      demandSame((await sync(a)).clearedAt, again.position, 'clearedAt after everything was invalidated');
      demandSame((await sync(a)).lastInvalidations, [], 'positions when no name is asked for');
    },
  ),

  check(
    'many-names',
    'A thousand names can be asked for, and five thousand invalidated at once.',
    async ({ a, b }) => {
      await append(a, ['*']);
      const names = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
      const { mark } = await append(a, names);
      const { lastInvalidations, clearedAt } = await sync(b, { names: names.slice(-1_000) });
      demandSame(lastInvalidations.length, 1_000, 'positions');
      const isForgotten = (position: number) => Math.max(position, clearedAt) < mark.position;
      demand(!lastInvalidations.some(isForgotten), 'a name is neither invalid by itself nor with everything');
    },
  ),

  check('latest-token', 'The token is that of the latest invalidation among the names.', async ({ a, b }) => {
    await append(a, ['*'], { token: 'of everything' });
    await append(a, ['ta'], { token: 'first' });
    await append(a, ['tb'], { token: 'sécond "2"' });
    const tokenOf = async (...names: string[]) => (await sync(b, { names })).token;
    demandSame(await tokenOf('ta'), 'first', 'token of ta');
    demandSame(await tokenOf('tb', 'ta', 'tc'), 'sécond "2"', 'token of the latest of three');
    demandSame(await tokenOf('tc'), undefined, 'token of a name that was never invalidated');
    await append(a, ['tb']);
    demandSame(await tokenOf('ta', 'tb'), undefined, 'token of an invalidation without one');
  }),

  check('touch', 'A touch writes, and changes nothing that is read.', async ({ a }) => {
    const { mark } = await append(a, ['*']);
    const { now: _, ...plain } = await sync(a, { since: mark, names: ['ta'] });
    const { now: __, ...touched } = await sync(a, { since: mark, names: ['ta'], touch: true });
    demandSame(touched, plain, 'the reply with a touch');
  }),

  check(
    'retain',
    'Names are remembered for as long as an entry of anybody who has read the log may lie there.',
    async ({ a, b }) => {
      const shortly = { retainMs: 20 };
      await append(a, ['*'], shortly);
      await sync(b, { touch: true, retainMs: longMs });
      const { mark } = await append(a, ['tx'], shortly);
      await sleep(60);
      await append(a, ['ty'], shortly);
      const { lastInvalidations, clearedAt } = await sync(b, { names: ['tx'] });
      demand(Math.max(lastInvalidations[0] ?? 0, clearedAt) >= mark.position, 'the name was forgotten');
    },
  ),

  check(
    'clock',
    'The time of the layer goes on, in microseconds, and no position is ahead of it.',
    async ({ a, b }) => {
      const { mark } = await append(a, ['*']);
      const start = (await sync(b)).now;
      demand(start >= mark.position, `now, ${start}, is before a position, ${mark.position}`);
      await sleep(60);
      let passed = 0;
      await demandSoon(async () => {
        passed = (await sync(a)).now - start;
        return passed >= 40_000;
      }, 'the time goes on');
      demand(passed < 10_000_000, `in about 60 ms, ${passed} µs have passed`);
    },
  ),
];
