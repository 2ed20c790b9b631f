// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { auditLogPath } from '../../cluster/faults.ts';
import { readAudit } from '../audit/log.ts';
import { strayWrites } from '../audit/ownership.ts';
import { clusterName, namespacedUser, operatorUser } from '../support/world.ts';

// Over everything that any operator has done on this cluster so far.
it('no operator wrote outside of the stories, but to its Lease', async () => {
  const writes = await readAudit(auditLogPath(clusterName()), (line) => line.includes(operatorUser));
  expect(writes.length).toBeGreaterThan(0);
  for (const user of [operatorUser, namespacedUser])
    expect(strayWrites(writes, user, (namespace) => namespace.startsWith('e2e-'))).toEqual([]);
}, 60_000);
