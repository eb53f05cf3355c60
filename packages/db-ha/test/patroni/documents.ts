/** Documents of `GET /cluster` as different versions and moments give them. */

const member = (name: string, host: string, more: object) => ({
  name,
  role: 'replica',
  state: 'streaming',
  api_url: `http://${host}:8008/patroni`,
  host,
  port: 5432,
  timeline: 5,
  ...more,
});

/** Patroni 4, in good health. */
export const healthy = {
  members: [
    member('patroni1', '10.89.0.4', { role: 'leader', state: 'running', tags: { clonefrom: true } }),
    member('patroni2', '10.89.0.6', {
      port: 5433,
      role: 'sync_standby',
      tags: { clonefrom: true },
      receive_lag: 0,
      receive_lsn: '0/4000060',
      replay_lag: 0,
      replay_lsn: '0/4000060',
      lag: 0,
      lsn: '0/4000060',
    }),
    member('patroni3', '10.89.0.7', { role: 'quorum_standby', lag: 1_048_576 }),
  ],
  scope: 'demo',
  pause: true,
  scheduled_switchover: { at: '2023-09-24T10:36:00+02:00', from: 'patroni1', to: 'patroni3' },
};

/** The leader is gone, a member was never started, one is stopped, one has said nothing of its position. */
export const troubled = {
  members: [
    member('patroni1', '10.89.0.4', {
      state: 'stopped',
      timeline: undefined,
      lag: 'unknown',
      lsn: 'unknown',
    }),
    {
      name: 'patroni2',
      role: 'replica',
      state: 'creating replica',
      api_url: 'http://10.89.0.6:8008/patroni',
    },
    member('patroni3', '10.89.0.7', { role: 'promoted', state: 'running', timeline: 6 }),
    member('patroni4', '10.89.0.8', { state: 'in archive recovery', tags: { nofailover: true } }),
    member('patroni5', '10.89.0.9', { role: 'witness of a later version', state: 'dreaming' }),
  ],
  scope: 'demo',
};

/** Members that are kept from reads, one of them the leader. */
export const tagged = {
  members: [
    member('a', '10.89.0.1', { role: 'leader', state: 'running', tags: { noloadbalance: true } }),
    member('b', '10.89.0.2', { tags: { noloadbalance: true } }),
    member('c', '10.89.0.3', { tags: { noloadbalance: false } }),
    member('d', '10.89.0.4', { tags: null }),
  ],
};

/** The leader of a standby cluster replicates from another cluster. */
export const standbyCluster = {
  members: [
    member('a', 'db-a.example.com', {
      role: 'standby_leader',
      state: 'streaming',
      tags: { noloadbalance: true },
    }),
    member('b', 'fd00::6', { port: undefined }),
  ],
};

export const withMember = (changes: object): object => ({ members: [member('m', '10.0.0.1', changes)] });
