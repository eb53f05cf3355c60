/** Pictures of what was simulated. @param {import('../lib/report.mjs').Report} report */
export function showSimulations(report, { fleetCache, hotTenants, readYourWrites }) {
  const point = (x, value) => ({ x, median: value, least: value, most: value });
  report.curve({
    title: 'Found in memory, by processes',
    x: 'processes',
    y: 'share of reads',
    series: ['any', 'two'].map((routing) => ({
      name: routing === 'any' ? 'a tenant goes to any process' : 'a tenant goes to one of two',
      role: 'ours',
      points: fleetCache
        .filter((one) => one.routing === routing)
        .map(({ processes, memory }) => point(processes, memory)),
    })),
  });
  report.curve({
    title: 'Busiest shard, times the mean',
    x: 'shards',
    y: 'times the mean',
    isLog: true,
    series: hotTenants.map(({ exponent, shards }) => ({
      name: `tenants by Zipf ${exponent}`,
      role: 'ours',
      points: shards.map(({ count, busiest }) => point(count, busiest * count)),
    })),
  });
  report.curve({
    title: 'Reads of one’s own writes that go to the primary',
    x: 'share of time in which replay is busy',
    y: 'share of these reads',
    series: [
      ['5 ms after the commit', 'soon'],
      ['2 s after, located with the read', 'autocommit'],
    ].map(([name, when]) => ({
      name,
      role: 'ours',
      points: readYourWrites.map((one) => point(one.load, one[when].primary)),
    })),
  });
}
