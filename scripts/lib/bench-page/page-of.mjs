import { contestsOf } from './contests.mjs';
import { howMeasured } from './how-measured.mjs';
import { markdownTable } from './markdown-table.mjs';
import { heldBackTable, peersTable } from './peers.mjs';
import { section } from './section.mjs';
import { bySubject } from './subjects.mjs';
import { claimRow, isMissed } from './verdict.mjs';

/**
 * docs/benchmarks.md and its pictures, from what the benches showed. The same results make the same page.
 *
 * @param {{
 *   results: readonly import('./result.mjs').Result[],
 *   peers: import('./peers.mjs').Peers,
 *   versionOf: (name: string) => string,
 * }} from
 * @returns {{ page: string, charts: Map<string, string> }} pictures by the names of their files
 */
export function pageOf({ results, peers, versionOf }) {
  const charts = new Map();
  const parts = bySubject(results);
  const sections = parts.map((part) => {
    const own = peers.peers[part.subject] ?? [];
    return [
      `## ${part.heading}`,
      ...(own.length > 0 ? [peersTable(own, versionOf)] : []),
      ...part.results.map((result) => section(result, charts)),
    ].join('\n\n');
  });
  const page = [
    '# Benchmarks',
    'Every package, and the whole stack, beside what a user would pick instead: peers at their current versions, set up for production as their own documents say, on the same servers, in interleaved rounds. Whoever is behind is named as plainly as who is ahead. This page is written by `npm run bench` and by nobody’s hand; it shows the last run of each bench.',
    '## At a glance',
    overview(parts),
    ...notHeld(results),
    ...besidePeers(parts),
    '## How it was measured',
    machines(results),
    howMeasured,
    ...(peers.heldBack.length > 0 ? [heldBackTable(peers.heldBack, versionOf)] : []),
    ...sections,
  ].join('\n\n');
  return { page: `${page}\n`, charts };
}

/** @param {ReturnType<typeof bySubject<import('./result.mjs').Result>>} parts */
function overview(parts) {
  const rows = parts.map(({ heading, results }) => {
    const claims = results.flatMap((result) => result.claims);
    const contests = contestsOf(results);
    const voids = claims.filter(({ voidBecause }) => voidBecause).length;
    const missed = claims.filter(isMissed).length;
    return [
      `[${heading}](#${anchorOf(heading)})`,
      claims.length - missed - voids,
      missed > 0 ? `**${missed}**` : 0,
      voids,
      contests.filter(({ standing }) => standing === 'ahead').length,
      contests.filter(({ standing }) => standing === 'even').length,
      contests.filter(({ standing }) => standing === 'behind').length,
    ];
  });
  const head = ['', 'claims that hold', 'missed', 'void', 'ahead of the best peer', 'even', 'behind'];
  return markdownTable(head, rows);
}

/** @param {readonly import('./result.mjs').Result[]} results */
function notHeld(results) {
  const rows = results.flatMap(({ name, claims }) =>
    claims
      .filter((claim) => !claim.holds || claim.voidBecause)
      .map((claim) => [`\`${name}\``, ...claimRow(claim)]),
  );
  if (rows.length === 0) return ['Every claim holds.'];
  return [
    '### What is missed, and what is void',
    'Void is a bar on latency where two copies of the same thing differ by more than a third of it: the machine was too noisy to say.',
    markdownTable(['bench', 'claim', 'figure', ''], rows),
  ];
}

/** @param {ReturnType<typeof bySubject<import('./result.mjs').Result>>} parts */
function besidePeers(parts) {
  const rows = parts.flatMap(({ subject, results }) =>
    contestsOf(results).map(({ title, unit, ours, peer, limit, verdict }) => [
      subject,
      `${title}, ${unit}`,
      ours,
      peer,
      limit,
      verdict,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    '### Beside the best peer',
    'Medians. The limit is the bare operation with nothing around it, which nobody can beat.',
    markdownTable(['', 'measured', 'Unite', 'best peer', 'limit', ''], rows),
  ];
}

/** @param {readonly import('./result.mjs').Result[]} results */
function machines(results) {
  const all = results.map(({ measured: { machine } }) => machine);
  const different = [...new Map(all.map((machine) => [JSON.stringify(machine), machine])).values()];
  return markdownTable(
    ['Processor', 'cores', 'memory', 'system', 'Node.js', 'PostgreSQL', 'Redis'],
    different.map(({ cpu, cores, memoryGb, os, node, postgres, redis }) => [
      cpu,
      cores,
      `${memoryGb} GB`,
      os,
      node,
      postgres,
      redis,
    ]),
  );
}

/** As GitHub makes them. @param {string} heading */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
