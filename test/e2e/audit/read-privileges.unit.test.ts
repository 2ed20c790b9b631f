// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { granted } from './grants.ts';
import { auditLine, type LineFields, OPERATOR, startMs } from './lines.ts';
import { compare } from './privileges.ts';
import { readPrivileges } from './read-privileges.ts';
import { used } from './uses.ts';

const account = { namespace: 'headway-system', name: 'headway' };
const group = 'rbac.authorization.k8s.io';
const admin = { user: 'admin', group, namespace: '' };

const binding = auditLine({
  ...admin,
  at: 1,
  resource: 'clusterrolebindings',
  name: 'b',
  object: {
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'headway' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  },
});

function role(verbs: string[], more: Partial<LineFields> = {}): string {
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs }];
  const object = { kind: 'ClusterRole', metadata: { name: 'headway' }, rules };
  return auditLine({ ...admin, at: 2, resource: 'clusterroles', name: 'headway', object, ...more });
}

function asked(verb: string, more: Partial<LineFields> = {}): string {
  return auditLine({ at: 5, verb, resource: 'pods', name: '', namespace: '', ...more });
}

describe('readPrivileges', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'headway-audit-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function read(lines: readonly string[], sinceMs = startMs) {
    const path = join(dir, 'audit.log');
    writeFileSync(path, lines.join('\n'));
    return readPrivileges(path, { users: [OPERATOR], sinceMs });
  }

  async function difference(...lines: string[]): Promise<string[]> {
    const { requests, objects } = await read(lines);
    return compare(granted(objects, account), used(requests));
  }

  it('finds the rights and what was asked for in one log', async () => {
    expect(await difference(binding, role(['list', 'watch']), asked('list'), asked('watch'))).toEqual([]);
    const refused = asked('watch', { code: 403 });
    expect(await difference(binding, role(['list', 'get']), asked('list'), refused)).toEqual([
      'used `watch` on `pods` cluster-wide, which nothing grants (403)',
      'ClusterRole headway grants `get` on `pods`, which nothing used',
    ]);
  });

  it('counts a watch that has begun and not ended', async () => {
    const begun = asked('watch', { stage: 'ResponseStarted' });
    expect(await difference(binding, role(['watch']), begun)).toEqual([]);
  });

  it('takes each role as it was stored last, also when it is gone', async () => {
    const gone = role([], { at: 4, verb: 'delete', object: { kind: 'Status', status: 'Success' } });
    const refused = role(['delete'], { at: 4, code: 409 });
    const tried = role(['delete'], { at: 4, uri: '/apis?dryRun=All' });
    const lines = [binding, role(['get']), role(['list'], { at: 3 }), refused, tried, gone, asked('list')];
    expect(await difference(...lines)).toEqual([]);
  });

  it('leaves out other users, an earlier run, and a line that was cut off', async () => {
    const other = asked('delete', { user: `${OPERATOR}-other` });
    const early = asked('get', { at: -5 });
    const { requests } = await read([early, other, asked('list'), asked('watch').slice(0, -10)]);
    expect(requests.map(({ verb }) => verb)).toEqual(['list']);
  });
});
