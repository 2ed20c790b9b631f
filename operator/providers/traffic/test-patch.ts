// SPDX-License-Identifier: Apache-2.0
// Test support: what the API server makes of a JSON Patch.
import type { JsonPatchOperation, KubeObject } from '../../kube/objects.ts';

/** The object after the patch; throws where the API server would refuse it. */
export function patched(object: KubeObject, operations: readonly JsonPatchOperation[]): KubeObject {
  const copy = structuredClone(object);
  for (const operation of operations) patchIn(copy, operation);
  return copy;
}

/** As much of RFC 6902 as the routers use. */
function patchIn(object: KubeObject, operation: JsonPatchOperation): void {
  if ('from' in operation) throw new Error(operation.op);
  const keys = operation.path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  const holder = keys.reduce<Record<string, unknown>>(
    (at, key) => at[key] as Record<string, unknown>,
    object as unknown as Record<string, unknown>,
  );
  if (operation.op !== 'add' && operation.op !== 'test' && !(last in holder))
    throw new Error(`${operation.op} of ${operation.path}, which is not there`);
  if (operation.op === 'remove') delete holder[last];
  else if (operation.op !== 'test') holder[last] = structuredClone(operation.value);
  else if (holder[last] !== operation.value) throw new Error(`${operation.path} is ${String(holder[last])}`);
}
