const lookEveryMs = 5;
const mostEachMs = 20;

/**
 * How long `work` takes, in milliseconds, without what this process was held up by the machine meanwhile: of a pause of
 * the event loop it counts a moment. For tests of waits: what is busy itself seems to take no time.
 */
export async function calmMs(work: () => Promise<unknown>): Promise<number> {
  let ms = 0;
  let lookedAtMs = performance.now();
  const look = () => {
    const nowMs = performance.now();
    ms += Math.min(nowMs - lookedAtMs, mostEachMs);
    lookedAtMs = nowMs;
  };
  const timer = setInterval(look, lookEveryMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return ms;
}
