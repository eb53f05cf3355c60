import { markdownTable } from './markdown-table.mjs';

/**
 * @typedef {{ name: string, packages: string[], how: string, source: string }} Peer
 * @typedef {{ peers: Record<string, Peer[]>, heldBack: { name: string, why: string }[] }} Peers
 */

/**
 * Whom a package is measured beside, in which version, and set up after which document.
 *
 * @param {readonly Peer[]} peers
 * @param {(name: string) => string} versionOf
 */
export function peersTable(peers, versionOf) {
  const rows = peers.map(({ name, packages, how, source }) => [
    name,
    packages.map((one) => `\`${one}\` ${versionOf(one)}`).join('<br>'),
    `${how} ([source](${source}))`,
  ]);
  return markdownTable(['Peer', 'version', 'how it is set up'], rows);
}

/** @param {Peers['heldBack']} heldBack @param {(name: string) => string} versionOf */
export function heldBackTable(heldBack, versionOf) {
  const rows = heldBack.map(({ name, why }) => [`\`${name}\` ${versionOf(name)}`.trim(), why]);
  return markdownTable(['Held back, or left out', 'why'], rows);
}

/**
 * @param {{ packages: Record<string, { version?: string }> }} lock a package-lock.json
 * @returns {(name: string) => string}
 */
export function versionsOf({ packages }) {
  return (name) => packages[`node_modules/${name}`]?.version ?? '';
}
