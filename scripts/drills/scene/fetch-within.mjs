/**
 * An answer, read to its end within a time.
 *
 * @param {URL | string} url
 * @param {RequestInit} options
 * @param {number} timeoutMs
 * @returns {Promise<{ status: number, headers: Headers, text: string }>}
 */
export async function fetchWithin(url, options, timeoutMs) {
  // Not `AbortSignal.timeout`: it may be collected as garbage before its time is up, and what waits for it then hangs.
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`${new URL(url).pathname} was not answered in time`)),
    timeoutMs,
  );
  try {
    const response = await fetch(url, { ...options, signal: late.signal });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } finally {
    clearTimeout(timer);
  }
}
