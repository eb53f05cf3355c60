import { CryptoError } from '../errors';

/**
 * What `work` comes to, unless the time is up before: whoever waits goes on, whatever becomes of the work.
 *
 * @param title whom the message names
 * @throws CryptoError `UNITE_CRYPTO_KEYS_UNAVAILABLE`, or what `work` throws
 */
export async function beforeAbort<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  title: string,
): Promise<Result> {
  if (signal.aborted) throw tooLate(title);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(tooLate(title));
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function tooLate(title: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', `${title} did not answer in time`);
}
