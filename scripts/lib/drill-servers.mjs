/**
 * What was started here and can be brought back, for drills. A signal does not reach what runs in Docker.
 *
 * @param {any} services
 * @returns {import('./drill-control.mjs').DrillServer[]}
 */
export function drillServers({ postgres, redis }) {
  const nodes = postgres?.nodes ?? [];
  return redis && redis.source !== 'docker' ? [...nodes, asServer('redis', redis)] : [...nodes];
}

/**
 * @param {string} name
 * @param {any} server
 * @returns {import('./drill-control.mjs').DrillServer}
 */
function asServer(name, server) {
  return { name, kill: (signal) => server.kill(signal), start: () => server.start() };
}
