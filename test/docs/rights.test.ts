// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { granted } from '../e2e/audit/grants.ts';
import { deployedRights } from '../e2e/support/deployed.ts';
import { operatorAccount } from '../e2e/support/world.ts';
import { codesIn, readPage, type Row, rowsOf } from './markdown.ts';

const configSecrets = {
  kind: 'RoleBinding',
  metadata: { name: 'x', namespace: 'shop' },
  roleRef: { kind: 'ClusterRole', name: 'headway-config-secrets' },
  subjects: [{ kind: 'ServiceAccount', ...operatorAccount }],
};

/** One text for each verb on each resource; what holds in one namespace alone is marked. */
function grantedTexts(): string[] {
  return granted([...deployedRights(), configSecrets], operatorAccount).map(
    ({ verb, resource, namespace }) => `${verb} ${resource}${namespace === undefined ? '' : ' (only)'}`,
  );
}

function toldTexts(row: Row): string[] {
  const [cell = '', verbs = ''] = [row.get('resource'), row.get('verbs')];
  const [resources = '', only] = cell.split(/, (?=in its own|only where)/);
  return codesIn(resources).flatMap((resource) =>
    verbs.split(', ').map((verb) => `${verb} ${resource}${only === undefined ? '' : ' (only)'}`),
  );
}

describe('SECURITY.md', () => {
  const rows = rowsOf(readPage('SECURITY.md'), 'resource');

  it('tells exactly the rights of deploy/rbac.yaml', () => {
    expect(rows.flatMap(toldTexts).toSorted()).toEqual(grantedTexts().toSorted());
  });

  it('says of each what it is for', () => {
    expect(rows.filter((row) => (row.get('for') ?? '') === '')).toEqual([]);
  });
});
