// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { buildCanaryIngress, canaryIngressName } from './canary-ingress.ts';
import { projectIngress } from './schema.ts';
import { ingressFrom, targetFor } from './test-objects.ts';

interface Shape {
  readonly title: string;
  readonly ingress: string;
  /** labels and annotations beside those of every canary Ingress, and the whole spec. */
  readonly canary: string;
}

const SHAPES: readonly Shape[] = [
  {
    title: 'one host, one path, port by number',
    ingress: `
      spec:
        ingressClassName: nginx
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      spec:
        ingressClassName: nginx
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'several hosts, paths and Services, ports by name and number, all path types',
    ingress: `
      spec:
        rules:
          - host: shop.example.com
            http:
              paths:
                - {path: /cart, pathType: Exact, backend: {service: {name: checkout, port: {name: http}}}}
                - {path: /search, pathType: Prefix, backend: {service: {name: search, port: {number: 80}}}}
                - {path: /pay(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: checkout, port: {number: 8443}}}}
                - {path: /icons, pathType: Prefix, backend: {resource: {apiGroup: k8s.example.com, kind: StorageBucket, name: icons}}}
          - host: search.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: search, port: {number: 80}}}}]}
          - host: "*.example.org"
            http: {paths: [{pathType: Prefix, backend: {service: {name: checkout, port: {name: http}}}}]}`,
    canary: `
      spec:
        rules:
          - host: shop.example.com
            http:
              paths:
                - {path: /cart, pathType: Exact, backend: {service: {name: checkout-canary, port: {name: http}}}}
                - {path: /pay(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: checkout-canary, port: {number: 8443}}}}
          - host: "*.example.org"
            http: {paths: [{pathType: Prefix, backend: {service: {name: checkout-canary, port: {name: http}}}}]}`,
  },
  {
    title: 'rules without http, and a default backend that names the Service: neither is split',
    ingress: `
      spec:
        defaultBackend: {service: {name: checkout, port: {number: 80}}}
        rules:
          - host: bare.example.com
          - host: null.example.com
            http: null
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      spec:
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'TLS of the kept hosts, by name and by wildcard, with and without hosts',
    ingress: `
      spec:
        tls:
          - {hosts: [shop.example.com, search.example.com], secretName: both}
          - {hosts: [search.example.com], secretName: search-only}
          - {hosts: ["*.example.com"], secretName: wildcard}
          - {hosts: [a.b.example.com, example.com], secretName: too-deep}
          - {secretName: for-all}
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}
          - host: search.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: search, port: {number: 80}}}}]}`,
    canary: `
      spec:
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}
        tls:
          - {hosts: [shop.example.com], secretName: both}
          - {hosts: ["*.example.com"], secretName: wildcard}
          - {secretName: for-all}`,
  },
  {
    title: 'a wildcard host keeps the TLS of the hosts under it',
    ingress: `
      spec:
        tls: [{hosts: [shop.example.com], secretName: shop}, {hosts: [shop.example.org], secretName: other}]
        rules:
          - host: "*.example.com"
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      spec:
        tls: [{hosts: [shop.example.com], secretName: shop}]
        rules:
          - host: "*.example.com"
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'a rule for every host keeps all TLS',
    ingress: `
      spec:
        tls: [{hosts: [shop.example.com], secretName: shop}]
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      spec:
        tls: [{hosts: [shop.example.com], secretName: shop}]
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'class by the old annotation; other annotations and labels stay',
    ingress: `
      metadata:
        labels: {app: web, team: shop}
        annotations:
          kubernetes.io/ingress.class: nginx
          nginx.ingress.kubernetes.io/rewrite-target: /$2
          nginx.ingress.kubernetes.io/affinity-canary-behavior: legacy
          example.com/note: ""
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      metadata:
        labels: {app: web, team: shop}
        annotations:
          kubernetes.io/ingress.class: nginx
          nginx.ingress.kubernetes.io/rewrite-target: /$2
          nginx.ingress.kubernetes.io/affinity-canary-behavior: legacy
          example.com/note: ""
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'class by field and by annotation: the field alone, as the API server demands of a new Ingress',
    ingress: `
      metadata: {annotations: {kubernetes.io/ingress.class: old}}
      spec:
        ingressClassName: nginx
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      spec:
        ingressClassName: nginx
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'no trace of GitOps, Helm, kubectl, cert-manager, nor of other canary annotations',
    ingress: `
      metadata:
        labels:
          app.kubernetes.io/name: web
          app.kubernetes.io/instance: shop
          app.kubernetes.io/managed-by: Helm
          helm.sh/chart: web-1.0.0
          kustomize.toolkit.fluxcd.io/name: apps
          argocd.argoproj.io/instance: shop
          headway.dev/role: something-else
        annotations:
          argocd.argoproj.io/tracking-id: shop:networking.k8s.io/Ingress:shop/web
          helm.toolkit.fluxcd.io/name: web
          meta.helm.sh/release-name: web
          kubectl.kubernetes.io/last-applied-configuration: "{}"
          cert-manager.io/cluster-issuer: letsencrypt
          acme.cert-manager.io/http01-edit-in-place: "true"
          field.cattle.io/publicEndpoints: "[]"
          nginx.ingress.kubernetes.io/canary: "false"
          nginx.ingress.kubernetes.io/canary-weight: "77"
          nginx.ingress.kubernetes.io/canary-by-header: x-canary
          nginx.ingress.kubernetes.io/canary-by-cookie: canary
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      metadata: {labels: {app.kubernetes.io/name: web}}
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
  {
    title: 'null annotations, labels and tls; a Service without a port; a field of tomorrow',
    ingress: `
      metadata: {annotations: null, labels: null}
      spec:
        tls: null
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, retries: 3, backend: {service: {name: checkout}}}], timeout: 1s}`,
    canary: `
      spec:
        rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, retries: 3, backend: {service: {name: checkout-canary}}}], timeout: 1s}`,
  },
  {
    title: 'keys that every JavaScript object inherits',
    ingress: `
      metadata: {annotations: {constructor: a, toString: b}, labels: {hasOwnProperty: c, valueOf: d}}
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}`,
    canary: `
      metadata: {annotations: {constructor: a, toString: b}, labels: {hasOwnProperty: c, valueOf: d}}
      spec:
        rules:
          - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout-canary, port: {number: 80}}}}]}`,
  },
];

/** The whole object that is expected: what all have in common and what the shape adds. */
function expected(yaml: string): object {
  const { metadata = {}, spec } = parse(yaml) as { metadata?: Record<string, object>; spec: object };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'web-canary',
      namespace: 'shop',
      labels: {
        ...metadata['labels'],
        'app.kubernetes.io/managed-by': 'headway',
        'headway.dev/canary': 'checkout',
        'headway.dev/role': 'canary-ingress',
      },
      annotations: {
        ...metadata['annotations'],
        'nginx.ingress.kubernetes.io/canary': 'true',
        'nginx.ingress.kubernetes.io/canary-weight': '25',
        'nginx.ingress.kubernetes.io/canary-weight-total': '100',
      },
      ownerReferences: [
        {
          apiVersion: 'headway.dev/v1alpha1',
          kind: 'Canary',
          name: 'checkout',
          uid: 'uid-canary',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
  };
}

function build(yaml: string, weight = 25) {
  const raw = ingressFrom(yaml);
  return buildCanaryIngress(targetFor(raw), projectIngress(raw), { weight });
}

describe('buildCanaryIngress', () => {
  it.each(SHAPES)('$title', ({ ingress, canary }) => {
    expect(build(ingress)).toEqual(expected(canary));
  });

  it.each(SHAPES)('leaves the original as it was: $title', ({ ingress }) => {
    const raw = ingressFrom(ingress);
    const before = structuredClone(raw);
    const snapshot = projectIngress(raw);
    const kept = structuredClone(snapshot);
    buildCanaryIngress(targetFor(raw), snapshot, { weight: 5 });
    expect(raw).toEqual(before);
    expect(snapshot).toEqual(kept);
  });

  it('writes under the prefix that the controller reads, and leaves other prefixes alone', () => {
    const raw = ingressFrom(`
      metadata: {annotations: {nginx.ingress.kubernetes.io/canary-weight: "3"}}
      spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout}}}]}}]}`);
    const target = targetFor(raw, { annotationPrefix: 'higress.io' });
    expect(buildCanaryIngress(target, projectIngress(raw), { weight: 100 }).metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/canary-weight': '3',
      'higress.io/canary': 'true',
      'higress.io/canary-weight': '100',
      'higress.io/canary-weight-total': '100',
    });
  });

  it('carries __proto__ as a plain key and changes no prototype', () => {
    const raw = ingressFrom('spec: {rules: []}');
    raw.metadata.annotations = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    raw.metadata.labels = JSON.parse('{"__proto__":"y"}') as Record<string, string>;
    const { annotations, labels } = buildCanaryIngress(targetFor(raw), projectIngress(raw), {
      weight: 0,
    }).metadata;
    expect(Object.getOwnPropertyDescriptor(annotations, '__proto__')?.value).toBe('x');
    expect(Object.getOwnPropertyDescriptor(labels, '__proto__')?.value).toBe('y');
    expect(Object.getPrototypeOf(annotations)).toBe(Object.prototype);
  });

  it('shortens the name of the Canary to what a label may hold', () => {
    const raw = ingressFrom('spec: {rules: []}');
    const target = targetFor(raw, { canary: { kind: 'Canary', name: 'c'.repeat(253), uid: 'u' } });
    const { labels, ownerReferences } = buildCanaryIngress(target, projectIngress(raw), {
      weight: 0,
    }).metadata;
    expect(labels['headway.dev/canary']).toHaveLength(63);
    expect(ownerReferences).toEqual([expect.objectContaining({ name: 'c'.repeat(253) })]);
  });
});

describe('canaryIngressName', () => {
  it('is the same every time, fits, and differs where only the cut end differs', () => {
    expect(canaryIngressName('web')).toBe('web-canary');
    const long = [`${'w'.repeat(250)}-a1`, `${'w'.repeat(250)}-a2`].map(canaryIngressName);
    expect(new Set(long).size).toBe(2);
    expect(long.map((name) => name.length)).toEqual([253, 253]);
    expect(long.every((name) => name.endsWith('-canary'))).toBe(true);
  });
});
