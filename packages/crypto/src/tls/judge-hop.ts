import type { TlsFault, TlsHop, TlsHopCheck, TlsSight } from './posture-types';

const dayMs = 86_400_000;

/** By what certificates are judged. */
export interface Judgement {
  readonly nowMs: number;
  readonly warnDays: number;
}

/** What a hop is worth, by what was seen of it. */
export function judgeHop(check: TlsHopCheck, sight: TlsSight, judgement: Judgement): TlsHop {
  const faults = [...sight.faults, ...weaknesses(sight), ...endOf(sight, judgement)];
  // The worst first, whose remedy is told.
  const ranked = [...faults.filter(isFailed), ...faults.filter((fault) => !isFailed(fault))];
  const [worst] = ranked;
  return {
    name: check.name,
    from: sight.from ?? check.from,
    to: check.to,
    protocol: sight.protocol,
    cipher: sight.cipher,
    expiresAtMs: sight.expiresAtMs,
    acceptsTls12: sight.acceptsTls12,
    acceptsPlaintext: sight.acceptsPlaintext,
    status: worst?.status ?? 'passed',
    detail: worst ? ranked.map(({ detail }) => detail).join('; ') : praise(sight),
    ...(worst && { remedy: worst.remedy }),
  };
}

function isFailed({ status }: TlsFault): boolean {
  return status === 'failed';
}

function weaknesses({ protocol, acceptsTls12, acceptsPlaintext }: TlsSight): TlsFault[] {
  // Without a handshake it is said already what is wrong.
  if (protocol === undefined) return [];
  const untried = [
    ...(acceptsTls12 === undefined ? ['TLS 1.2'] : []),
    ...(acceptsPlaintext === undefined ? ['a connection without TLS'] : []),
  ];
  return [
    ...(protocol !== 'TLSv1.3' ? [failed(`${protocol} is the best that it speaks`)] : []),
    ...(acceptsPlaintext ? [failed('a connection without TLS is accepted as well')] : []),
    ...(acceptsTls12 && protocol === 'TLSv1.3' ? [warned('TLS 1.2 is accepted as well')] : []),
    ...(untried.length > 0
      ? [warned(`it was not to be found out whether it accepts ${untried.join(' or ')}`)]
      : []),
  ];
}

const remedy =
  'Let the server take TLS 1.3 alone: minVersion, ssl_min_protocol_version with hostssl, tls-protocols with port 0.';

function failed(detail: string): TlsFault {
  return { status: 'failed', detail, remedy };
}

function warned(detail: string): TlsFault {
  return { status: 'warned', detail, remedy };
}

function endOf({ expiresAtMs }: TlsSight, { nowMs, warnDays }: Judgement): TlsFault[] {
  // One that has ended is no longer trusted, and that is said already.
  if (expiresAtMs === undefined || expiresAtMs <= nowMs || expiresAtMs - nowMs >= warnDays * dayMs) return [];
  const days = Math.floor((expiresAtMs - nowMs) / dayMs);
  return [
    {
      status: 'warned',
      detail: `the certificate ends in ${days} days`,
      remedy: 'Renew the certificate, and look why that does not happen by itself.',
    },
  ];
}

function praise({ protocol, cipher, serverSays }: TlsSight): string {
  const seen = `${protocol} with ${cipher}; TLS 1.2 and plain text are refused`;
  return serverSays === undefined ? seen : `${seen} (${serverSays})`;
}
