import { setTimeout } from 'node:timers/promises';
import { Connections } from './connections.mjs';

const mostConnections = 4_000;
/**
 * Connections are open before the first request, as between a proxy and a server: enough for what is due in this time,
 * in milliseconds. Node accepts one new connection a round of its event loop, which is another measurement.
 */
const openMs = 400;

/** Requests a second when each connection sends again at once. */
export async function capacityOf(port, path, { connections, durationMs }) {
  const pool = new Connections(port, connections);
  await pool.openAll(connections);
  let answered = 0;
  let isOver = false;
  const again = () => {
    answered += 1;
    if (!isOver) pool.send(path, again);
  };
  for (const _ of Array(connections)) pool.send(path, again);
  await setTimeout(durationMs / 4);
  answered = 0;
  const startMs = performance.now();
  await setTimeout(durationMs);
  const perSecond = (answered * 1_000) / (performance.now() - startMs);
  isOver = true;
  pool.close();
  return perSecond;
}

/** Times of requests one after the other, in milliseconds. */
export async function unloadedOf(port, path, { durationMs }) {
  const pool = new Connections(port, 1);
  await pool.openAll(1);
  const times = [];
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    const startMs = performance.now();
    await new Promise((resolve) => pool.send(path, resolve));
    times.push(performance.now() - startMs);
  }
  pool.close();
  return times;
}

/**
 * Requests at their own times, whether or not the server keeps up: gaps are random (a Poisson process), the same for
 * the same seed. Times count from when a request was due, so waiting in sockets is in them. Ten
 * times a second one for `/health` is among them. What is given up counts with the time that it has waited.
 *
 * @returns times of answers, and how late the generator itself was, in milliseconds
 */
export async function openLoop(port, path, { perSecond, durationMs, seed, patienceMs }) {
  const pool = new Connections(port, mostConnections);
  await pool.openAll(Math.ceil((perSecond * openMs) / 1_000));
  const random = randomOf(seed);
  const [admitted, refused, health, lateMs] = [[], [], [], []];
  let [sent, open, failed, answeredInTime] = [0, 0, 0, 0];
  const startMs = performance.now() + 20;
  const endMs = startMs + durationMs;
  let [dueMs, healthDueMs] = [startMs, startMs];
  while (dueMs < endMs) {
    await setTimeout(1);
    const nowMs = performance.now();
    for (; healthDueMs <= Math.min(nowMs, endMs); healthDueMs += 100) send('health', healthDueMs, nowMs);
    while (dueMs <= nowMs && dueMs < endMs) {
      sent += 1;
      send(path, dueMs, nowMs);
      dueMs -= (Math.log(1 - random()) * 1_000) / perSecond;
    }
  }
  const untilMs = performance.now() + patienceMs;
  while (open > 0 && performance.now() < untilMs) await setTimeout(5);
  pool.close();
  return {
    admitted,
    refused,
    health,
    lateMs,
    sent,
    failed,
    answeredPerSecond: (answeredInTime * 1_000) / durationMs,
  };

  function send(to, sendDueMs, nowMs) {
    open += 1;
    lateMs.push(nowMs - sendDueMs);
    pool.send(to, (status) => {
      const answeredAtMs = performance.now();
      open -= 1;
      if (status === 0) failed += 1;
      if (status === 200 && to === path && answeredAtMs < endMs) answeredInTime += 1;
      const times = to === 'health' ? health : status === 503 ? refused : admitted;
      times.push(answeredAtMs - sendDueMs);
    });
  }
}

/** Numbers in [0, 1), the same for the same seed (the linear congruence of Numerical Recipes). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
