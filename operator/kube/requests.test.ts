// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import * as requests from './requests.ts';
import { resources } from './resources.ts';

const ref = { namespace: 'shop', name: 'web' };
const service = { apiVersion: 'v1', kind: 'Service', metadata: ref };
const path = '/api/v1/namespaces/shop/services/web';

describe('write requests', () => {
  it.each([
    [
      'create',
      requests.createRequest(resources.services, service, { dryRun: true }),
      {
        method: 'POST',
        path: '/api/v1/namespaces/shop/services',
        query: 'fieldManager=headway&dryRun=All',
        contentType: 'application/json',
        body: service,
        repeatable: false,
      },
    ],
    [
      'update of the status',
      requests.updateRequest(resources.services, service, { subresource: 'status', fieldManager: 'me' }),
      {
        method: 'PUT',
        path: `${path}/status`,
        query: 'fieldManager=me',
        contentType: 'application/json',
        body: service,
        repeatable: false,
      },
    ],
    [
      'apply',
      requests.applyRequest(resources.services, { metadata: ref }, { fieldManager: 'me', force: true }),
      {
        method: 'PATCH',
        path,
        query: 'fieldManager=me&force=true',
        contentType: 'application/apply-patch+yaml',
        body: service,
        repeatable: true,
      },
    ],
    [
      'apply without force',
      requests.applyRequest(
        resources.services,
        { metadata: ref },
        { fieldManager: 'me', subresource: 'status' },
      ),
      {
        method: 'PATCH',
        path: `${path}/status`,
        query: 'fieldManager=me',
        contentType: 'application/apply-patch+yaml',
        body: service,
        repeatable: true,
      },
    ],
    [
      'jsonPatch',
      requests.jsonPatchRequest(resources.services, ref, { operations: [{ op: 'remove', path: '/a' }] }),
      {
        method: 'PATCH',
        path,
        query: 'fieldManager=headway',
        contentType: 'application/json-patch+json',
        body: [{ op: 'remove', path: '/a' }],
        repeatable: false,
      },
    ],
    [
      'mergePatch',
      requests.mergePatchRequest(resources.services, ref, { patch: { spec: null } }),
      {
        method: 'PATCH',
        path,
        query: 'fieldManager=headway',
        contentType: 'application/merge-patch+json',
        body: { spec: null },
        repeatable: false,
      },
    ],
    [
      'delete with preconditions',
      requests.deleteRequest(resources.services, ref, {
        uid: 'u',
        resourceVersion: '7',
        propagationPolicy: 'Orphan',
      }),
      {
        method: 'DELETE',
        path,
        query: '',
        contentType: 'application/json',
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: 'Orphan',
          preconditions: { uid: 'u', resourceVersion: '7' },
        },
        repeatable: true,
      },
    ],
    [
      'delete without',
      requests.deleteRequest(resources.services, ref, {}),
      {
        method: 'DELETE',
        path,
        query: '',
        contentType: 'application/json',
        body: { apiVersion: 'v1', kind: 'DeleteOptions' },
        repeatable: true,
      },
    ],
  ])('%s', (_, request, expected) => {
    const { method, contentType, repeatable } = request;
    const body: unknown = JSON.parse(request.body ?? 'null');

    expect({
      method,
      path: request.path,
      query: String(request.query),
      contentType,
      body,
      repeatable,
    }).toEqual(expected);
  });

  it('takes name and namespace of a reference, and nothing else that it may have', () => {
    const more = { ...ref, resource: 'httpRoutes', verb: 'list', kind: 'patch' };
    const subjects = [
      requests.getRequest(resources.httpRoutes, more, {}),
      requests.deleteRequest(resources.httpRoutes, more, {}),
      requests.jsonPatchRequest(resources.httpRoutes, more, { operations: [] }),
      requests.mergePatchRequest(resources.httpRoutes, more, { patch: {} }),
    ].map(({ subject }) => subject);

    expect(subjects.map(({ verb }) => verb)).toEqual(['get', 'delete', 'jsonPatch', 'mergePatch']);
    for (const { verb: _verb, subresource: _subresource, ...subject } of subjects) {
      expect(subject).toEqual({ resource: resources.httpRoutes, ...ref });
    }
  });

  it('names resource, subresource and namespace for messages', () => {
    const request = requests.applyRequest(
      resources.canaries,
      { metadata: ref },
      { fieldManager: 'me', subresource: 'status' },
    );

    expect(request.subject).toEqual({
      verb: 'apply',
      resource: resources.canaries,
      subresource: 'status',
      ...ref,
    });
  });
});

describe('rawRequest', () => {
  it.each([
    ['GET', undefined, undefined, true],
    ['POST', { a: 1 }, '{"a":1}', false],
  ] as const)('%s', (method, body, text, repeatable) => {
    const request = requests.rawRequest(method, '/x', { body });

    expect(request).toMatchObject({ method, path: '/x', body: text, repeatable });
  });
});

describe('reads of metadata alone', () => {
  it('ask for it, and other reads do not', () => {
    const metadataOnly = true;
    const accepted = [
      requests.getRequest(resources.secrets, ref, { metadataOnly }),
      requests.listRequest(resources.configMaps, { metadataOnly }),
      requests.watchRequest(resources.configMaps, { metadataOnly }),
      requests.getRequest(resources.secrets, ref, {}),
    ].map(({ accept }) => accept);
    expect(accepted).toEqual([
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      undefined,
    ]);
  });
});
