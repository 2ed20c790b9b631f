// SPDX-License-Identifier: Apache-2.0
import { parseAllDocuments } from 'yaml';
import { type HelmRendering, helmTemplate } from './helm.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** An object of the chart; fields of its kind are looked at as plain JSON. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly Rule[];
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into specs of many kinds
  readonly spec?: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly [field: string]: any;
}

/** The APIs that the Prometheus Operator brings. */
export const MONITORING = ['ServiceMonitor', 'PrometheusRule'].map(
  (kind) => `monitoring.coreos.com/v1/${kind}`,
);

/** The objects of a YAML stream. Throws where one is no sound YAML, or has a key twice. */
export function objectsIn(yaml: string): Rendered[] {
  return parseAllDocuments(yaml, { uniqueKeys: true }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const object = document.toJS() as Rendered | null;
    return object === null ? [] : [object];
  });
}

/** The objects that the chart makes of these values. */
export async function render(rendering: HelmRendering = {}): Promise<Rendered[]> {
  return objectsIn(await helmTemplate(rendering));
}

/** The one object of a kind, and of a name where there are several. */
export function one(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = objects.filter(
    (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} objects are a ${kind} ${name ?? ''}: ${namesOf(objects).join(', ')}`);
  }
  return only;
}

/** `Role headway in shop`, for each object. */
export function namesOf(objects: readonly Rendered[]): string[] {
  return objects.map(({ kind, metadata: { name, namespace } }) =>
    namespace === undefined ? `${kind} ${name}` : `${kind} ${name} in ${namespace}`,
  );
}

/** One line for each verb on each resource. */
export function grantsOf(rules: readonly Rule[] = []): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`),
      ),
    ),
  );
}
