import pg from 'pg';

/** Runs `work` while no replica takes in anything that happens at the primary. */
export async function whileHeldBack(work: () => Promise<void>): Promise<void> {
  const replicas = (process.env.TEST_REPLICA_URLS ?? '')
    .split(',')
    .map((connectionString) => new pg.Client({ connectionString }));
  await Promise.all(replicas.map((replica) => replica.connect()));
  try {
    await Promise.all(replicas.map((replica) => replica.query('select pg_wal_replay_pause()')));
    await Promise.all(replicas.map(untilPaused));
    await work();
  } finally {
    await Promise.all(replicas.map((replica) => replica.query('select pg_wal_replay_resume()')));
    await Promise.all(replicas.map((replica) => replica.end()));
  }
}

async function untilPaused(replica: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await replica.query('select pg_get_wal_replay_pause_state() as state');
    if (rows[0].state === 'paused') return;
  }
}
