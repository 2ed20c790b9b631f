// SPDX-License-Identifier: Apache-2.0
import { ports } from '../layout.ts';

/** The kinds of routes that Traefik reads. */
const routeProviders = ['kubernetesIngress', 'kubernetesIngressNGINX', 'kubernetesGateway', 'kubernetesCRD'];

export function traefikArguments(): string[] {
  return [
    `--entryPoints.web.address=:${ports.web}`,
    `--entryPoints.websecure.address=:${ports.webSecure}`,
    `--entryPoints.traefik.address=:${ports.traefik}`,
    ...routeProviders.map((provider) => `--providers.${provider}=true`),
    // By class name: an Ingress belongs to one of the two providers, never to both.
    '--providers.kubernetesIngress.ingressClass=traefik',
    '--providers.kubernetesIngressNGINX.ingressClass=nginx',
    '--providers.kubernetesIngressNGINX.controllerClass=k8s.io/ingress-nginx',
    '--providers.kubernetesIngressNGINX.httpEntryPoint=web',
    '--providers.kubernetesIngressNGINX.httpsEntryPoint=websecure',
    '--ping=true',
    '--api.insecure=true',
    // The dashboard's files are not part of a build from source.
    '--api.dashboard=false',
    '--metrics.prometheus=true',
    '--metrics.prometheus.addEntryPointsLabels=true',
    '--metrics.prometheus.addRoutersLabels=true',
    '--metrics.prometheus.addServicesLabels=true',
    '--metrics.prometheus.buckets=0.01,0.025,0.05,0.1,0.15,0.2,0.3,0.5,1,2.5,5',
    '--global.checkNewVersion=false',
    '--global.sendAnonymousUsage=false',
    '--log.level=INFO',
    '--log.noColor=true',
  ];
}
