/**
 * Sends something so that it outlives the page.
 *
 * @param credentials without cookies nothing of it says who sent it
 * @returns whether it arrived
 */
export async function send(
  url: string,
  value: object,
  credentials: RequestCredentials = 'omit',
): Promise<boolean> {
  const body = JSON.stringify(value);
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(url, { method: 'POST', body, headers, keepalive: true, credentials })).ok;
}
