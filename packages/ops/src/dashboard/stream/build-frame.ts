import type { PulseSecond, RequestRow, StreamFrame } from '../screen-types';
import { readVerdicts } from '../screens/read-verdicts';
import type { ScreenSources } from '../screens/screen-source-types';
import type { Versions } from './versions';

const maxFrameBytes = 8_192;
const maxRows = 20;

/** What every viewer of one second is told. */
export type FrameParts = Pick<StreamFrame, 'atMs' | 'pulse' | 'versions' | 'verdicts'>;

export function readFrameParts(sources: ScreenSources, versions: Versions): FrameParts {
  const [pulse] = sources.collectors.pulse.seconds(1) as [PulseSecond];
  return {
    atMs: sources.clock.wallMs(),
    pulse,
    versions: versions.read(),
    verdicts: readVerdicts(sources),
  };
}

/**
 * One event, as bytes: 8 kB at most. Rows that find no room are counted.
 *
 * @param sinceId the last row that was told of
 */
export function buildFrame(
  parts: FrameParts,
  sources: ScreenSources,
  tenantId: string | undefined,
  sinceId: number,
): Uint8Array {
  const { ring, tenants } = sources.collectors.requests;
  const fresh = ring.since(sinceId, tenantId);
  const ended = tenantId === undefined ? ring.total - sinceId : fresh.length;
  const total = tenantId === undefined ? ring.total : (tenants.get(tenantId) ?? 0);
  let requests: readonly RequestRow[] = fresh.slice(0, maxRows);
  for (;;) {
    const bytes = toEvent({ ...parts, requests, skipped: ended - requests.length, total });
    if (bytes.byteLength <= maxFrameBytes || requests.length === 0) return bytes;
    requests = requests.slice(0, requests.length >> 1);
  }
}

const encoder = new TextEncoder();

function toEvent(frame: StreamFrame): Uint8Array {
  return encoder.encode(`event: frame\ndata: ${JSON.stringify(frame)}\n\n`);
}
