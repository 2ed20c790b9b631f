// SPDX-License-Identifier: Apache-2.0
import type { AuditWrite } from './log.ts';
import type { AuditScope } from './rules.ts';

/**
 * What a log lacks of a story, as a sentence; none for a whole one. Rules about writes that the log does not show hold
 * always, so it has to reach back to where a person made the app.
 */
export function missingBeginning(
  { operator, names: { target } }: AuditScope,
  writes: readonly AuditWrite[],
): string[] {
  const first = writes.find(({ resource, name }) => resource === 'deployments' && name === target);
  return first && first.user !== operator
    ? []
    : [`the audit log does not show who made Deployment ${target}: it begins too late`];
}
