import { setTimeout } from 'node:timers/promises';

/**
 * What a request does. `waitsForLoop` is how often it waits for the event loop: to be read, and again after each
 * `await`. `capacityConnections` are enough to keep the server busy. `leastShare` of the capacity has to be answered at
 * three times of it: less where a refusal, most of which is Node's own reading and answering, costs a tenth of a request.
 */
export const workloads = {
  compute: {
    title: '5 ms of computing',
    waitsForLoop: 1,
    leastShare: 0.8,
    capacityConnections: 8,
    run: () => occupy(5),
  },
  query: {
    title: '20 ms of waiting, then 5 ms of computing',
    waitsForLoop: 2,
    leastShare: 0.8,
    capacityConnections: 64,
    async run() {
      await setTimeout(20);
      occupy(5);
    },
  },
  cheap: {
    title: '0.5 ms of computing, hundreds of connections',
    waitsForLoop: 1,
    leastShare: 0.7,
    capacityConnections: 64,
    run: () => occupy(0.5),
  },
};

/** Keeps the event loop for as long, whatever else the machine does. */
function occupy(ms) {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}
