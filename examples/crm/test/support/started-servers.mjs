/**
 * What the set-up has started, so that it can be ended whole: after the tests, and where the set-up itself fails, since
 * Jest tears down nothing then and would wait for ever for what is left.
 */
export function startedServers() {
  const apps = [];
  const servers = [];
  return {
    /** Keeps an application, which is ended before what it uses. */
    async app(starting) {
      return keep(apps, starting);
    },
    /** Keeps a server. */
    async server(starting) {
      return keep(servers, starting);
    },
    async close() {
      for (const kept of [apps, servers]) {
        const ends = await Promise.allSettled(kept.splice(0).map((one) => one.close()));
        const [failed] = ends.filter(({ status }) => status === 'rejected');
        if (failed) console.error(failed.reason);
      }
    },
  };
}

async function keep(list, starting) {
  const one = await starting;
  if (one) list.push(one);
  return one;
}
