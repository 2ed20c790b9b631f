// SPDX-License-Identifier: Apache-2.0

/** A Service of several clusters (KEP-1645) is another one, of which the canary Service is no part. */
const CLUSTER_SET = 'clusterset.local';

/** What Istio takes for the cluster's own domain, unless told otherwise. */
const CLUSTER_DOMAIN = 'cluster.local';

/** A Service in the namespace of the object that names it. */
export interface ServiceName {
  readonly namespace: string;
  readonly service: string;
}

/**
 * Whether a host stands for the Service: its name alone, which Istio completes by the namespace of the object that says
 * it, or its name in DNS, be it cut short.
 */
export function isHostOf(host: string, { namespace, service }: ServiceName): boolean {
  const name = `${service}.${namespace}`;
  if ([service, name, `${name}.svc`].includes(host)) return true;
  const domain = host.slice(`${name}.svc.`.length);
  return host === `${name}.svc.${domain}` && domain !== '' && domain !== CLUSTER_SET;
}

/** The host of another Service of the namespace, in the form that the host of `service` has. */
export function hostOf(host: string, service: string, other: string): string {
  return other + host.slice(service.length);
}

/** Whether a host with a star stands for the Service among others. */
export function coversHost(pattern: string, { namespace, service }: ServiceName): boolean {
  return (
    pattern.startsWith('*') && `${service}.${namespace}.svc.${CLUSTER_DOMAIN}`.endsWith(pattern.slice(1))
  );
}
