// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { lint } from '../../cli/lint/lint.ts';
import { readAllManifests } from '../../cli/manifests/manifests.ts';
import { helmNotes } from './helm.ts';

describe('the notes', () => {
  it('can be pasted into a shell: the Canary in them is whole, and lint finds nothing wrong', async () => {
    const notes = await helmNotes();
    const [command = ''] = /^kubectl apply -n default -f - <<'EOF'\n[^]*?^EOF$/m.exec(notes) ?? [];
    const pasted = `kubectl() { cat; }\n${command}\n`;
    const { stdout, stderr, status } = spawnSync('sh', ['-e'], { input: pasted, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const { problems, checked } = lint(readAllManifests([{ name: 'notes', text: stdout }]));
    expect({ errors: problems.filter(({ severity }) => severity === 'error'), checked }).toEqual({
      errors: [],
      checked: 1,
    });
  });

  it('name the namespace of the release, and one that is served', async () => {
    const notes = await helmNotes({
      namespace: 'ops',
      values: { scope: 'Namespaced', namespaces: ['shop', 'cart'] },
    });
    expect(notes).toContain('serves shop, cart.');
    expect(notes).toContain('kubectl -n ops rollout status deployment/headway ');
    expect(notes).toContain('kubectl -n shop wait canary/shop ');
  });

  it('say what is not there', async () => {
    const notes = await helmNotes({
      values: {
        crds: { enabled: false },
        monitoring: { serviceMonitor: { enabled: true, mode: 'skip' } },
      },
    });
    expect(notes).toMatch(/^NOT INSTALLED: monitoring\.serviceMonitor is enabled, but /m);
    expect(notes).toMatch(/^MISSING: crds\.enabled is false and /m);
  });
});
