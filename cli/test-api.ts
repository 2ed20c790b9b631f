// SPDX-License-Identifier: Apache-2.0
// Test support: an API server with a few objects, over HTTP: get, list, watch, merge patch with its preconditions.
import type { ServerResponse } from 'node:http';
import {
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  statusBody,
  writeKubeConfig,
} from '../operator/kube/scripted-server.ts';
import type { KubeObject } from '../operator/kube/objects.ts';

const PATH =
  /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/(canaries|bluegreens|pods|deployments|namespaces)(?:\/([^/?]+))?$/;

const PLURALS: Readonly<Record<string, string>> = {
  Canary: 'canaries',
  BlueGreen: 'bluegreens',
  Pod: 'pods',
  Deployment: 'deployments',
  Namespace: 'namespaces',
};

/** A request as the tests look at it. */
export interface SeenCall {
  readonly method: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly query: URLSearchParams;
  readonly body: string;
}

type Refusal = (call: SeenCall) => { readonly code: number; readonly body: unknown } | undefined;

export interface TestApi {
  readonly server: ScriptedServer;
  readonly kubeconfig: string;
  readonly calls: SeenCall[];
  /** Stores an object with a new resourceVersion, and tells every watch. */
  put(object: KubeObject): void;
  get(kind: string, name: string): KubeObject | undefined;
  remove(kind: string, name: string): void;
  /** Called for every patch after it is stored, as an operator would see it. */
  onPatch(listener: (object: KubeObject) => void): void;
  /** What is refused from now on. */
  refuse(refusal: Refusal): void;
  /** No answer, and every connection ends, until it is up again. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
}

interface Watch {
  readonly plural: string;
  readonly name: string | undefined;
  readonly response: ServerResponse;
}

export async function startTestApi(user: object = { token: 't' }): Promise<TestApi> {
  const server = await startScriptedServer();
  const config = await writeKubeConfig(server.url, user);
  const objects = new Map<string, KubeObject>();
  const watches = new Set<Watch>();
  const calls: SeenCall[] = [];
  let version = 100;
  let refusal: Refusal = () => undefined;
  let onPatch: (object: KubeObject) => void = () => undefined;
  let isDown = false;

  const keyOf = (plural: string, name: string | undefined) => `${plural}/${name}`;
  const tell = (type: string, object: KubeObject) => {
    for (const { plural, name, response } of watches) {
      if (plural !== PLURALS[object.kind] || (name !== undefined && name !== object.metadata.name)) continue;
      response.write(`${JSON.stringify({ type, object })}\n`);
    }
  };
  const put = (object: KubeObject) => {
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const key = keyOf(PLURALS[object.kind] ?? '', object.metadata.name);
    tell(objects.has(key) ? 'MODIFIED' : 'ADDED', stored);
    objects.set(key, stored);
    return stored;
  };

  function list(response: ServerResponse, { plural, namespace, query }: SeenCall): void {
    const name = nameIn(query);
    const items = [...objects.values()]
      .filter(({ kind }) => PLURALS[kind] === plural)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => name === undefined || metadata.name === name);
    sendJson(response, 200, { metadata: { resourceVersion: String(version) }, items });
  }

  function watch(response: ServerResponse, { plural, query }: SeenCall): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watching = { plural, name: nameIn(query), response };
    watches.add(watching);
    response.on('close', () => watches.delete(watching));
  }

  function patch(response: ServerResponse, call: SeenCall, held: KubeObject): void {
    const { metadata } = JSON.parse(call.body) as { metadata: KubeObject['metadata'] };
    if (metadata.resourceVersion !== held.metadata.resourceVersion) {
      return sendJson(response, 409, statusBody(409, 'Conflict', 'the object has been modified'));
    }
    const annotations = { ...held.metadata.annotations, ...metadata.annotations };
    const stored = put({ ...held, metadata: { ...held.metadata, annotations } });
    sendJson(response, 200, stored);
    onPatch(stored);
  }

  function answer(response: ServerResponse, call: SeenCall): void {
    const refused = refusal(call);
    if (refused) return sendJson(response, refused.code, refused.body);
    const held = objects.get(keyOf(call.plural, call.name));
    if (call.name === undefined) {
      return call.query.has('watch') ? watch(response, call) : list(response, call);
    }
    if (!held || held.metadata.namespace !== call.namespace) {
      return sendJson(response, 404, notFound(call.plural, call.name));
    }
    if (call.method === 'PATCH') return patch(response, call, held);
    sendJson(response, 200, held);
  }

  server.answer((response, { method, url, body }) => {
    if (isDown) return void response.socket?.destroy();
    const { pathname, searchParams: query } = new URL(url, 'http://api');
    const found = PATH.exec(pathname);
    if (!found) return void sendJson(response, 404, statusBody(404, 'NotFound', `no ${pathname}`));
    const [, , namespace, plural = '', name] = found;
    const call = { method, plural, namespace, name, query, body };
    calls.push(call);
    answer(response, call);
  });

  return {
    server,
    kubeconfig: config.path,
    calls,
    put: (object) => void put(object),
    get: (kind, name) => objects.get(keyOf(PLURALS[kind] ?? '', name)),
    remove(kind, name) {
      const key = keyOf(PLURALS[kind] ?? '', name);
      const held = objects.get(key);
      objects.delete(key);
      if (held) tell('DELETED', held);
    },
    onPatch: (listener) => void (onPatch = listener),
    refuse: (wanted) => void (refusal = wanted),
    setDown(down) {
      isDown = down;
      if (down) server.killConnections();
    },
    async close() {
      await server.close();
      await config.remove();
    },
  };
}

function nameIn(query: URLSearchParams): string | undefined {
  return /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}

/** As the API server says that there is no such object: the details name it. */
function notFound(plural: string, name: string): object {
  const message = `${plural}.headway.dev "${name}" not found`;
  return { ...statusBody(404, 'NotFound', message), details: { name, group: 'headway.dev', kind: plural } };
}

/** A refusal as RBAC words it. */
export function forbidden(verb: string, resource: string): { readonly code: number; readonly body: unknown } {
  const message = `${resource} is forbidden: User "ann" cannot ${verb} resource "${resource}"`;
  return { code: 403, body: statusBody(403, 'Forbidden', message) };
}
