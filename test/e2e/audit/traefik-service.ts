// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { AuditWrite, StoredObject } from './log.ts';

const Spec = z.looseObject({
  weighted: z.looseObject({ services: z.array(z.looseObject({})).optional() }).optional(),
});

/** A TraefikService as an HTTPRoute with one rule, so that the same rules hold for both. */
function asRoute({ spec, ...object }: StoredObject): StoredObject {
  const { weighted: { services: backendRefs, ...weighted } = {}, ...rest } = Spec.parse(spec);
  return { ...object, spec: { ...rest, weighted, rules: [{ backendRefs }] } };
}

/** A write as the rules read it. */
export function withRoute(write: AuditWrite): AuditWrite {
  const { resource, object } = write;
  return resource === 'traefikservices' && object ? { ...write, object: asRoute(object) } : write;
}
