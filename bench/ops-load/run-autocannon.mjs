import autocannon from 'autocannon';

/** @param {{ url: string, connections: number, seconds: number, rate?: number, isUncorrected?: boolean }} options */
export async function runAutocannon({ url, connections, seconds, rate, isUncorrected = false }) {
  const { requests, latency } = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(rate && { overallRate: rate, ignoreCoordinatedOmission: isUncorrected }),
  });
  return {
    requestsPerSecond: requests.average,
    p50Ms: latency.p50,
    // It has the 90th and the 97.5th, and none between.
    p95Ms: undefined,
    p99Ms: latency.p99,
    maxMs: latency.max,
  };
}
