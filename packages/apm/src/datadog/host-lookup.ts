import dns from 'node:dns';
import { isIP } from 'node:net';

/** How long an address is good for, in milliseconds. */
const ttlMs = 60_000;
const minPauseMs = 1_000;
const maxPauseMs = 30_000;

type Found = (error: Error | null, address: string, family: number) => void;

/**
 * Looks a host's name up for the socket: once in a minute, and not once for each datagram. There is one lookup at a time,
 * since a process cannot end before all of them have; after one that failed it is left alone for a while.
 */
export function createHostLookup(
  monotonicMs: () => number,
): (host: string, family: number, found: Found) => void {
  let waiting: Found[] = [];
  let last: { error: Error | null; address: string } | undefined;
  let goodUntilMs = Number.NEGATIVE_INFINITY;
  let pauseMs = minPauseMs;
  return (host, family, found) => {
    // The socket asks for the address that it is bound to, too.
    if (isIP(host)) return found(null, host, family);
    if (last && monotonicMs() < goodUntilMs) return found(last.error, last.address, family);
    waiting.push(found);
    if (waiting.length > 1) return;
    dns.lookup(host, { family: 4 }, (error, address) => {
      last = { error, address };
      goodUntilMs = monotonicMs() + (error ? pauseMs : ttlMs);
      pauseMs = error ? Math.min(maxPauseMs, pauseMs * 2) : minPauseMs;
      const told = waiting;
      waiting = [];
      for (const tell of told) tell(error, address, 4);
    });
  };
}
