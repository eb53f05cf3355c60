import type { PulseSecond, RequestRow, StreamFrame } from '../../screen-types';
import { isScreenPage, type Page } from '../pages';

/** Five minutes, one a second. */
const pulseSeconds = 300;

/** The page as it is a second later: what the frame says of it is added, all else is as it was. */
export function applyFrame(page: Page, frame: StreamFrame): Page {
  const header = { ...page.header, atMs: frame.atMs };
  if (!isScreenPage(page)) return { ...page, header };
  switch (page.screen) {
    case 'now': {
      const pulse = withSecond(page.data.pulse, frame.pulse);
      return { ...page, header, data: { ...page.data, pulse, verdicts: frame.verdicts } };
    }
    case 'requests': {
      const rows = withRows(page.data.rows, frame.requests, page.data.kept);
      return { ...page, header, data: { ...page.data, rows, total: frame.total } };
    }
    default:
      return { ...page, header };
  }
}

function withSecond(pulse: readonly PulseSecond[], second: PulseSecond): readonly PulseSecond[] {
  const before = pulse.filter(({ atMs }) => atMs < second.atMs);
  return [...before, second].slice(-pulseSeconds);
}

/** Those that are not there yet, in front: the first frame may tell of what the snapshot had already. */
function withRows(rows: readonly RequestRow[], more: readonly RequestRow[], kept: number) {
  const newest = rows[0]?.id ?? -1;
  const added = more.filter(({ id }) => id > newest);
  return added.length === 0 ? rows : [...added, ...rows].slice(0, kept);
}
