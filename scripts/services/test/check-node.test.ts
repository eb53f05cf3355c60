import { describe, expect, it } from '@jest/globals';
import { checkNode } from '../../lib/check-node.mjs';

describe('checkNode', () => {
  it.each(['20.19.0', '20.20.2', '21.0.0', '22.1.0', '100.0.0'])('accepts Node %s', (version) => {
    expect(checkNode(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.8', '9.11.2', '20.2.0'])('refuses Node %s, and says what to do', (version) => {
    expect(checkNode(version)).toMatch(/needs Node 20\.19 or newer, and this is Node .*\nInstall/);
    expect(checkNode(version)).toContain(version);
  });
});
