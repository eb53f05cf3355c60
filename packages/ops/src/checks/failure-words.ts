import { NoAnswerError } from './round-trip';

/** What the codes of a failed connection mean. */
const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
  ETIMEDOUT: 'cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'cannot be reached',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved',
};

/** An error may be wrapped this often. */
const maxDepth = 4;

/**
 * A failure in words that anybody may see. Messages of errors name hosts and users, so only codes are made use of.
 *
 * @param codeOf finds a code in the message of what the driver throws
 */
export function failureWords(
  error: unknown,
  words: Readonly<Record<string, string>> = {},
  codeOf: (message: string) => string | undefined = () => undefined,
): string {
  if (error instanceof NoAnswerError) return error.message;
  const codes = causesOf(error).flatMap((cause) => codeOf(String(cause.message)) ?? ownCode(cause) ?? []);
  const known = { ...networkWords, ...words };
  const understood = codes.find((code) => Object.hasOwn(known, code));
  if (understood !== undefined) return known[understood] as string;
  return codes[0] === undefined ? 'failed' : `failed: ${codes[0]}`;
}

interface Failure {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

function causesOf(error: unknown): Failure[] {
  const causes: Failure[] = [];
  let next = error;
  // No `instanceof`: an error may come from another realm.
  while (typeof next === 'object' && next !== null && causes.length < maxDepth) {
    causes.push(next);
    next = (next as Failure).cause;
  }
  return causes;
}

function ownCode({ code }: Failure): string | undefined {
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : undefined;
}
