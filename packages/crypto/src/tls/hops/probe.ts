import type { Socket } from 'node:net';
import type { TlsFault, TlsRun, TlsSight } from '../posture-types';
import { aborted } from './aborted';
import { type Address, withSocket } from './connection';
import { acceptsTls12, type Peer, shakeHands } from './handshake';
import { PlaintextError } from './plaintext-error';
import { whyOf } from './why-of';

/** A server to try things with. */
export interface Target extends Address, Peer {
  /** What is said before the handshake. @throws PlaintextError where the server does no TLS */
  preface?(socket: Socket): Promise<void>;
  /** Talks without TLS, and says whether that is listened to. */
  tryPlaintext(socket: Socket): Promise<boolean | undefined>;
}

/** Tries the best protocol, TLS 1.2 and no TLS at all, side by side. */
export async function probe(target: Target, { signal }: TlsRun): Promise<TlsSight> {
  const [best, tls12, plaintext] = await Promise.all([
    outcome(signal, () => withTls(target, signal, (socket) => shakeHands(socket, target))),
    outcome(signal, () => withTls(target, signal, (socket) => acceptsTls12(socket, target))),
    outcome(signal, () => withSocket(target, signal, (socket) => target.tryPlaintext(socket))),
  ]);
  // Where nobody answers at all, that is all there is to say.
  if ('error' in best) return sightWithout(best.error, valueIn(plaintext));
  const { distrust, ...seen } = best.value;
  return {
    ...seen,
    acceptsTls12: valueIn(tls12),
    acceptsPlaintext: valueIn(plaintext),
    faults: distrust === undefined ? [] : [distrustFault(distrust)],
  };
}

/** A hop that is not meant to have TLS. */
export function plaintextSight(scheme: string): TlsSight {
  return {
    acceptsPlaintext: true,
    faults: [
      {
        status: 'failed',
        detail: `not encrypted: the URL begins with ${scheme}`,
        remedy: 'Turn TLS on at the server, and connect by a URL that demands it.',
      },
    ],
  };
}

function withTls<Result>(
  target: Target,
  signal: AbortSignal,
  work: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  return withSocket(target, signal, async (socket) => {
    await target.preface?.(socket);
    return work(socket);
  });
}

type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

/** What the end of the time did to a connection is no answer of the server's. */
async function outcome<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    const value = await Promise.race([work(), aborted(signal)]);
    signal.throwIfAborted();
    return { value };
  } catch (error) {
    return { error: signal.aborted ? signal.reason : error };
  }
}

function valueIn<Value>(result: Outcome<Value>): Value | undefined {
  return 'value' in result ? result.value : undefined;
}

function sightWithout(error: unknown, acceptsPlaintext: boolean | undefined): TlsSight {
  if (error instanceof PlaintextError) {
    const remedy = 'Turn TLS on at the server, with TLS 1.3 as its oldest protocol.';
    return { acceptsPlaintext, faults: [{ status: 'failed', detail: error.message, remedy }] };
  }
  const remedy = 'Look whether the server runs, and whether this port speaks TLS at all.';
  return {
    acceptsPlaintext,
    faults: [{ status: 'failed', detail: `no handshake: ${whyOf(error)}`, remedy }],
  };
}

const renew = 'Renew the certificate, and look why that does not happen by itself.';

const distrusts: Readonly<Record<string, readonly [detail: string, remedy: string]>> = {
  CERT_HAS_EXPIRED: ['the certificate has expired', renew],
  CERT_NOT_YET_VALID: ['the certificate is not valid yet', 'Look at the clocks of both machines.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate is for other names',
    'Issue it for this name as well, or connect by a name that it is for.',
  ],
};

function distrustFault(code: string): TlsFault {
  const [detail, remedy] = distrusts[code] ?? [
    `the certificate is from nobody who is trusted here (${code})`,
    'Give the private authority as "ca", and let the server send the certificates in between.',
  ];
  return { status: 'failed', detail, remedy };
}
