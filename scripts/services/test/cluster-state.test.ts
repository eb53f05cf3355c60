import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newClusterState, readClusterState, writeClusterState } from '../src/postgres/cluster-state';
import { cleanUp, temporaryDirectory } from './support';

describe('the state of a cluster', () => {
  const state = newClusterState('18.4', { uid: 70, gid: 70 });
  afterEach(cleanUp);

  it('is read as it was written', () => {
    const directory = temporaryDirectory();
    expect(readClusterState(directory, state)).toBeUndefined();
    writeClusterState(directory, { ...state, ports: { primary: 1 } });
    expect(readClusterState(directory, newClusterState('18.9', { uid: 70, gid: 70 }))).toEqual({
      ...state,
      ports: { primary: 1 },
    });
  });

  it('has a password of its own', () => {
    expect(newClusterState('18.4', undefined).password).not.toBe(state.password);
    expect(state.password).toMatch(/^[\w-]{24}$/);
  });

  it.each([
    [{ layout: 0 }, /layout 0, and this version needs 1/],
    [{ major: 17 }, /PostgreSQL 17, and this is 18/],
    [{ uid: 4_242 }, /user 4242, and the servers now run as 70/],
  ])('is of no use with %j, and says why', (change, reason) => {
    const directory = temporaryDirectory();
    writeClusterState(directory, { ...state, ...change });
    expect(readClusterState(directory, state)).toMatch(reason);
  });

  it('is of no use where it is damaged, or was never finished', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'primary'));
    expect(readClusterState(directory, state)).toMatch(/not finished/);
    writeFileSync(join(directory, 'cluster.json'), '{');
    expect(readClusterState(directory, state)).toMatch(/damaged/);
  });
});
