// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { findExceptions, findProblems } from './problems.ts';
import { projectIngress } from './schema.ts';
import { ingressFrom, PLAIN, targetFor } from './test-objects.ts';

function pathTo(service: string, path = '/'): string {
  return `{path: ${path}, pathType: Prefix, backend: {service: {name: ${service}, port: {number: 80}}}}`;
}

const UNSUPPORTED: readonly { title: string; ingress: string; message: string }[] = [
  {
    title: 'no rules',
    ingress: 'spec: {}',
    message: 'no path of Ingress web leads to Service checkout; it has no paths',
  },
  {
    title: 'hosts without http',
    ingress: 'spec: {rules: [{host: a.example.com}, {host: b.example.com, http: null}]}',
    message: 'no path of Ingress web leads to Service checkout; it has no paths',
  },
  {
    title: 'null annotations and nothing else',
    ingress: 'metadata: {annotations: null}',
    message: 'no path of Ingress web leads to Service checkout; it has no paths',
  },
  {
    title: 'a default backend only',
    ingress: 'spec: {defaultBackend: {service: {name: checkout, port: {number: 80}}}}',
    message:
      'Ingress web leads to Service checkout only by its default backend, which cannot be split; add a rule with a path to it',
  },
  {
    title: 'a default backend to another Service',
    ingress: 'spec: {defaultBackend: {service: {name: other, port: {number: 80}}}}',
    message: 'no path of Ingress web leads to Service checkout; it has no paths',
  },
  {
    title: 'paths to other backends',
    ingress: `spec: {rules: [{host: shop.example.com, http: {paths: [${pathTo('api', '/api')}]}}, {http: {paths: [{backend: {resource: {kind: Bucket, name: icons}}}, {backend: {}}]}}]}`,
    message:
      'no path of Ingress web leads to Service checkout; its paths lead to api (shop.example.com/api), Bucket icons (/), nothing (/)',
  },
  {
    title: 'many paths to other backends',
    ingress: `spec: {rules: [{http: {paths: [${[1, 2, 3, 4, 5, 6, 7].map((n) => pathTo(`s${n}`, `/${n}`)).join(', ')}]}}]}`,
    message:
      'no path of Ingress web leads to Service checkout; its paths lead to s1 (/1), s2 (/2), s3 (/3), s4 (/4), s5 (/5) and 2 more',
  },
  {
    title: 'a Service whose name only begins alike',
    ingress: `spec: {rules: [{http: {paths: [${pathTo('checkout-canary')}]}}]}`,
    message: 'no path of Ingress web leads to Service checkout; its paths lead to checkout-canary (/)',
  },
  {
    title: 'an Ingress that is a canary',
    ingress: `metadata: {annotations: {nginx.ingress.kubernetes.io/canary: "true"}}${PLAIN}`,
    message:
      'Ingress web is itself a canary (nginx.ingress.kubernetes.io/canary); name the Ingress that it belongs to',
  },
  {
    title: 'TLS passed through',
    ingress: `metadata: {annotations: {nginx.ingress.kubernetes.io/ssl-passthrough: "True"}}${PLAIN}`,
    message:
      'Ingress web passes TLS through (nginx.ingress.kubernetes.io/ssl-passthrough); connections that are not decrypted cannot be split',
  },
];

describe('findProblems', () => {
  it('finds none with a path to the Service', () => {
    expect(findProblems(targetFor(ingressFrom(PLAIN)))).toEqual([]);
  });

  it('says which Ingress is missing', () => {
    expect(findProblems(targetFor(undefined))).toEqual([
      { reason: 'IngressNotFound', message: 'Ingress web does not exist in namespace shop' },
    ]);
  });

  it.each(UNSUPPORTED)('$title', ({ ingress, message }) => {
    expect(findProblems(targetFor(ingressFrom(ingress)))).toEqual([
      { reason: 'IngressNotSupported', message },
    ]);
  });

  it('tells everything at once', () => {
    const ingress = ingressFrom(`
      metadata: {annotations: {nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/ssl-passthrough: "true"}}
      spec: {}`);
    const taken = projectIngress(ingressFrom('metadata: {name: web-canary, uid: uid-x}'));
    expect(findProblems(targetFor(ingress, { canaryIngress: taken })).map(({ reason }) => reason)).toEqual([
      'IngressNotSupported',
      'IngressNotSupported',
      'IngressNotSupported',
      'NameTaken',
    ]);
  });

  it.each([
    {
      title: 'nobody',
      owners: '[]',
      message:
        'Ingress web-canary is needed for Canary checkout, but it exists and was not made by Headway; rename or delete it',
    },
    {
      title: 'another Canary',
      owners:
        '[{apiVersion: headway.dev/v1alpha1, kind: Canary, name: cart, uid: uid-cart, controller: true}]',
      message:
        'Ingress web-canary is needed for Canary checkout, but it exists and belongs to Canary cart; rename or delete it',
    },
    {
      title: 'an earlier Canary of the same name',
      owners:
        '[{apiVersion: headway.dev/v1alpha1, kind: Canary, name: checkout, uid: uid-old, controller: true}]',
      message:
        'Ingress web-canary is needed for Canary checkout, but it exists and belongs to Canary checkout; rename or delete it',
    },
  ])('the name is taken by an Ingress of $title', ({ owners, message }) => {
    const raw = ingressFrom(`metadata: {name: web-canary, uid: uid-x, ownerReferences: ${owners}}`);
    const target = targetFor(ingressFrom(PLAIN), { canaryIngress: projectIngress(raw) });
    expect(findProblems(target)).toEqual([{ reason: 'NameTaken', message }]);
  });

  it('labels like ours make nobody ours', () => {
    const raw = ingressFrom(`
      metadata:
        {name: web-canary, uid: uid-x, labels: {app.kubernetes.io/managed-by: headway, headway.dev/canary: checkout, headway.dev/role: canary-ingress}}`);
    const target = targetFor(ingressFrom(PLAIN), { canaryIngress: projectIngress(raw) });
    expect(findProblems(target).map(({ reason }) => reason)).toEqual(['NameTaken']);
  });
});

describe('another canary for the same path', () => {
  const rival = (yaml: string) =>
    projectIngress(ingressFrom(`metadata: {name: by-hand, uid: uid-rival, ${yaml}`));
  const canary = 'annotations: {nginx.ingress.kubernetes.io/canary: "true"}}';
  const paths = (host: string, path: string) => `
spec: {rules: [{host: ${host}, http: {paths: [${pathTo('old', path)}]}}]}`;

  function problemsBeside(yaml: string) {
    const ingress = ingressFrom(PLAIN);
    const neighbours = [projectIngress(ingress), rival(yaml)];
    return findProblems(targetFor(ingress, { neighbours })).map(({ message }) => message);
  }

  it('is a problem, because a controller takes only one', () => {
    expect(problemsBeside(`${canary}${paths('shop.example.com', '/')}`)).toEqual([
      'Ingress by-hand already is the canary for shop.example.com/, and a path can have only one; delete it',
    ]);
  });

  it.each([
    ['is none on another host', `${canary}${paths('other.example.com', '/')}`],
    ['is none on another path', `${canary}${paths('shop.example.com', '/other')}`],
    ['is none without the annotation', `labels: {a: b}}${paths('shop.example.com', '/')}`],
  ])('%s', (_, yaml) => {
    expect(problemsBeside(yaml)).toEqual([]);
  });
});

describe('findExceptions', () => {
  it('tells that a default backend stays on stable', () => {
    const ingress = ingressFrom(
      PLAIN.replace('spec:', 'spec:\n  defaultBackend: {service: {name: checkout}}'),
    );
    expect(findExceptions(targetFor(ingress))).toEqual([
      'requests that only the default backend of Ingress web takes do not follow the weight; they stay on the stable revision',
    ]);
    expect(findProblems(targetFor(ingress))).toEqual([]);
  });

  it.each([
    ['no default backend', PLAIN],
    [
      'a default backend of another Service',
      PLAIN.replace('spec:', 'spec:\n  defaultBackend: {service: {name: x}}'),
    ],
  ])('has nothing to say of %s', (_, yaml) => {
    expect(findExceptions(targetFor(ingressFrom(yaml)))).toEqual([]);
  });

  it('has nothing to say without an Ingress', () => {
    expect(findExceptions(targetFor(undefined))).toEqual([]);
  });
});
