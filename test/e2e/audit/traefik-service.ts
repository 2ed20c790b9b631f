// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { AuditWrite, StoredObject } from './log.ts';

const Spec = z.looseObject({
  weighted: z.looseObject({ services: z.array(z.looseObject({})).optional() }).optional(),
});

/** The spec of a TraefikService as that of an HTTPRoute with one rule, so that the same rules hold for both. */
export function specAsRoute(spec: unknown): StoredObject['spec'] {
  const { weighted: { services: backendRefs, ...weighted } = {}, ...rest } = Spec.parse(spec);
  return { ...rest, weighted, rules: [{ backendRefs }] };
}

/** A write as the rules read it. */
export function withRoute(write: AuditWrite): AuditWrite {
  const { resource, object } = write;
  return resource === 'traefikservices' && object
    ? { ...write, object: { ...object, spec: specAsRoute(object.spec) } }
    : write;
}
