// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { layoutOf } from './layout.ts';

describe('layoutOf', () => {
  it('keeps files in the checkout and names the rest after it', () => {
    const layout = layoutOf('demo', '/src/headway');
    expect(layout.stateDir).toBe('/src/headway/build/cluster/demo');
    expect(layout.id).toMatch(/^demo-[0-9a-f]{6}$/);
    expect(layout.netnsPath).toBe(`/run/netns/headway-${layout.id}`);
    expect(layout.runDir).toBe(`/run/headway/${layout.id}`);
    expect(layout.cgroup).toBe(`headway-${layout.id}`);
  });

  it('shares nothing between checkouts or names', () => {
    const values = (name: string, checkout: string): string[] => {
      const { name: _, ...paths } = layoutOf(name, checkout);
      return Object.values(paths);
    };
    const all = [...values('a', '/one'), ...values('a', '/two'), ...values('b', '/one')];
    // The namespace's name and the cgroup's are the same word.
    expect(new Set(all).size).toBe(all.length - 3);
  });

  it('keeps socket paths short however long the checkout path is', () => {
    const { containerdSocket } = layoutOf('a'.repeat(20), `/${'deep/'.repeat(60)}`);
    expect(containerdSocket.length).toBeLessThan(108);
  });

  it.each(['', 'A', 'a_b', '-a', 'a-', '../a', 'a/b', 'a'.repeat(21)])('refuses the name "%s"', (name) => {
    expect(() => layoutOf(name)).toThrow(`"${name}" cannot name a cluster`);
  });
});
