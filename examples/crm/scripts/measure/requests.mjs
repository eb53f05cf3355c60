/** How long each request took to its last byte, in milliseconds. What comes before one does not count. */
export async function timesOf(requests, { cookie, concurrency }) {
  const times = [];
  const waiting = requests.values();
  const one = async () => {
    for (const { url, before } of waiting) {
      await before?.();
      const startedAtMs = performance.now();
      const response = await fetch(url, { headers: { cookie } });
      const body = await response.text();
      times.push(performance.now() - startedAtMs);
      if (response.status !== 200 || body.includes('UNITE_')) throw new Error(`${url}: ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return times;
}
