// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ConfigKind, ConfigRef } from '../../engine/rollout/config.ts';
import { configKey } from '../../engine/rollout/config.ts';

/** Published into every namespace by the cluster and changed by it alone; it belongs to no release. */
const OF_THE_CLUSTER = 'kube-root-ca.crt';

const Reference = z.looseObject({ name: z.string().optional(), optional: z.boolean().nullish() }).nullish();
const SecretVolume = z
  .looseObject({ secretName: z.string().optional(), optional: z.boolean().nullish() })
  .nullish();

const Container = z.looseObject({
  env: z
    .array(
      z.looseObject({
        valueFrom: z.looseObject({ configMapKeyRef: Reference, secretKeyRef: Reference }).nullish(),
      }),
    )
    .nullish(),
  envFrom: z.array(z.looseObject({ configMapRef: Reference, secretRef: Reference })).nullish(),
});

const Volume = z.looseObject({
  configMap: Reference,
  secret: SecretVolume,
  projected: z
    .looseObject({ sources: z.array(z.looseObject({ configMap: Reference, secret: Reference })).nullish() })
    .nullish(),
});

const Template = z.looseObject({
  spec: z
    .looseObject({
      containers: z.array(Container).nullish(),
      initContainers: z.array(Container).nullish(),
      volumes: z.array(Volume).nullish(),
    })
    .nullish(),
});
type Template = z.infer<typeof Template>;

type Named = { name?: string | undefined; optional?: boolean | null | undefined } | null | undefined;

/** Sees one place that names a ConfigMap or Secret, and what it should name instead. */
type Visit = (kind: ConfigKind, name: string, optional: boolean) => string;

/** Every ConfigMap and Secret that the pods of a template read from, each once, sorted by kind and name. */
export function configReferences(template: unknown): ConfigRef[] {
  const found = new Map<string, ConfigRef>();
  mapConfig(template, (kind, name, optional) => {
    if (name !== OF_THE_CLUSTER) {
      const key = configKey({ kind, name });
      found.set(key, { kind, name, optional: optional && (found.get(key)?.optional ?? true) });
    }
    return name;
  });
  return [...found.values()].toSorted((a, b) => (configKey(a) < configKey(b) ? -1 : 1));
}

/** The template with other names for the ConfigMaps and Secrets that its pods read from; `names` by configKey. */
export function renameConfig<T>(template: T, names: ReadonlyMap<string, string>): T {
  if (names.size === 0) return template;
  return mapConfig(template, (kind, name) => names.get(configKey({ kind, name })) ?? name) as T;
}

function mapConfig(raw: unknown, visit: Visit): Template {
  const template = Template.parse(raw);
  const { containers, initContainers, volumes } = template.spec ?? {};
  for (const container of [...(initContainers ?? []), ...(containers ?? [])]) mapContainer(container, visit);
  for (const volume of volumes ?? []) mapVolume(volume, visit);
  return template;
}

function mapContainer({ env, envFrom }: z.infer<typeof Container>, visit: Visit): void {
  for (const { valueFrom } of env ?? []) {
    touch('ConfigMap', valueFrom?.configMapKeyRef, visit);
    touch('Secret', valueFrom?.secretKeyRef, visit);
  }
  for (const { configMapRef, secretRef } of envFrom ?? []) {
    touch('ConfigMap', configMapRef, visit);
    touch('Secret', secretRef, visit);
  }
}

function mapVolume({ configMap, secret, projected }: z.infer<typeof Volume>, visit: Visit): void {
  touch('ConfigMap', configMap, visit);
  if (secret?.secretName) secret.secretName = visit('Secret', secret.secretName, secret.optional === true);
  for (const source of projected?.sources ?? []) {
    touch('ConfigMap', source.configMap, visit);
    touch('Secret', source.secret, visit);
  }
}

function touch(kind: ConfigKind, reference: Named, visit: Visit): void {
  if (reference?.name) reference.name = visit(kind, reference.name, reference.optional === true);
}
