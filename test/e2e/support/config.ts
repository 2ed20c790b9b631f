// SPDX-License-Identifier: Apache-2.0
import type { shopDeployment } from './objects.ts';

/** The ConfigMap that the app of a story reads from. */
export const configName = 'shop-config';

/** Variables of the app, in a ConfigMap. */
export function configObject(namespace: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: configName, namespace }, data };
}

/**
 * The Deployment with these variables from the ConfigMap, named in every way that people use: whole, by key, as a volume
 * of a subPath and projected; and something optional that is not there.
 */
export function readingConfig(
  deployment: ReturnType<typeof shopDeployment>,
  data: Readonly<Record<string, string>>,
): object {
  const { spec } = deployment;
  const { template } = spec;
  const configMap = { name: configName };
  const projected = { sources: [{ configMap }, { configMap: { name: 'not-there', optional: true } }] };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: [
      ...container.env.filter(({ name }) => data[name] === undefined),
      { name: 'SAME_VERSION', valueFrom: { configMapKeyRef: { ...configMap, key: 'VERSION' } } },
    ],
    envFrom: [{ configMapRef: configMap }],
    volumeMounts: [
      { name: 'one', mountPath: '/etc/version', subPath: 'VERSION' },
      { name: 'all', mountPath: '/etc/config' },
    ],
  }));
  const volumes = [
    { name: 'one', configMap },
    { name: 'all', projected },
  ];
  return {
    ...deployment,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers, volumes } } },
  };
}
