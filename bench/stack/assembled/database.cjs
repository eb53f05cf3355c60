const pg = require('pg');

/**
 * A pool for the replica, which is what a team without a router has, and the cheapest there is: it knows of no failover,
 * no lag and no session's own writes. Drizzle's `withReplicas` chooses no better and builds its statements besides.
 */
exports.openReplica = () => {
  const pool = new pg.Pool({ connectionString: process.env.REPLICA_URL, max: 10 });
  pool.on('error', () => {});
  return pool;
};
