// SPDX-License-Identifier: Apache-2.0
// Test support: an API server with a few objects, over HTTP: get, list, watch, merge patch with its preconditions.
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../operator/kube/objects.ts';
import {
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  statusBody,
  type TemporaryKubeConfig,
  writeKubeConfig,
} from '../operator/kube/scripted-server.ts';

const PATH =
  /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/(canaries|bluegreens|pods|deployments|namespaces)(?:\/([^/?]+))?$/;

const PLURALS: Readonly<Record<string, string>> = {
  Canary: 'canaries',
  BlueGreen: 'bluegreens',
  Pod: 'pods',
  Deployment: 'deployments',
  Namespace: 'namespaces',
};

/** A request as the tests look at it. */
interface SeenCall {
  readonly method: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly query: URLSearchParams;
  readonly body: string;
}

interface Refused {
  readonly code: number;
  readonly body: unknown;
}

type Refusal = (call: SeenCall) => Refused | undefined;

interface Watch {
  readonly plural: string;
  readonly name: string | undefined;
  readonly response: ServerResponse;
}

/** Answers as a real one would, as far as the plugin asks it. */
export class TestApi {
  readonly server: ScriptedServer;
  readonly kubeconfig: string;
  readonly calls: SeenCall[] = [];
  private readonly config: TemporaryKubeConfig;
  private readonly objects = new Map<string, KubeObject>();
  private readonly watches = new Set<Watch>();
  private version = 100;
  private refusal: Refusal = () => undefined;
  private patched: (object: KubeObject) => void = () => undefined;
  private isDown = false;

  constructor(server: ScriptedServer, config: TemporaryKubeConfig) {
    this.server = server;
    this.config = config;
    this.kubeconfig = config.path;
    server.answer((response, request) => this.take(response, request));
  }

  /** Stores an object with a new resourceVersion, and tells every watch. */
  put(object: KubeObject): KubeObject {
    this.version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.version) };
    const stored = { ...object, metadata };
    const key = keyOf(PLURALS[object.kind] ?? '', metadata.name);
    this.tell(this.objects.has(key) ? 'MODIFIED' : 'ADDED', stored);
    this.objects.set(key, stored);
    return stored;
  }

  get(kind: string, name: string): KubeObject | undefined {
    return this.objects.get(keyOf(PLURALS[kind] ?? '', name));
  }

  remove(kind: string, name: string): void {
    const held = this.get(kind, name);
    this.objects.delete(keyOf(PLURALS[kind] ?? '', name));
    if (held) this.tell('DELETED', held);
  }

  /** Called after every patch, as an operator would see it. */
  onPatch(listener: (object: KubeObject) => void): void {
    this.patched = listener;
  }

  /** What is refused from now on. */
  refuse(refusal: Refusal): void {
    this.refusal = refusal;
  }

  /** No answer, and every connection ends, until it is up again. */
  setDown(isDown: boolean): void {
    this.isDown = isDown;
    if (isDown) this.server.killConnections();
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.config.remove();
  }

  private take(response: ServerResponse, request: { method: string; url: string; body: string }): void {
    if (this.isDown) {
      response.socket?.destroy();
      return;
    }
    const { pathname, searchParams: query } = new URL(request.url, 'http://api');
    const found = PATH.exec(pathname);
    if (!found) return sendJson(response, 404, statusBody(404, 'NotFound', `no ${pathname}`));
    const [, namespace, plural = '', name] = found;
    const call = { method: request.method, plural, namespace, name, query, body: request.body };
    this.calls.push(call);
    const refused = this.refusal(call);
    if (refused) return sendJson(response, refused.code, refused.body);
    if (name !== undefined) return this.answerOne(response, call, name);
    return query.has('watch') ? this.watch(response, call) : this.list(response, call);
  }

  private answerOne(response: ServerResponse, call: SeenCall, name: string): void {
    const held = this.objects.get(keyOf(call.plural, name));
    if (!held || held.metadata.namespace !== call.namespace) {
      return sendJson(response, 404, notFound(call.plural, name));
    }
    if (call.method === 'PATCH') return this.patch(response, call, held);
    return sendJson(response, 200, held);
  }

  private patch(response: ServerResponse, call: SeenCall, held: KubeObject): void {
    const { metadata } = JSON.parse(call.body) as { metadata: KubeObject['metadata'] };
    const isCurrent =
      metadata.resourceVersion === held.metadata.resourceVersion && metadata.uid === held.metadata.uid;
    if (!isCurrent) {
      return sendJson(response, 409, statusBody(409, 'Conflict', 'the object has been modified'));
    }
    const annotations = { ...held.metadata.annotations, ...metadata.annotations };
    const stored = this.put({ ...held, metadata: { ...held.metadata, annotations } });
    sendJson(response, 200, stored);
    this.patched(stored);
  }

  private list(response: ServerResponse, call: SeenCall): void {
    const metadata = { resourceVersion: String(this.version) };
    sendJson(response, 200, { metadata, items: this.selected(call) });
  }

  private selected({ plural, namespace, query }: SeenCall): KubeObject[] {
    const name = nameIn(query);
    return [...this.objects.values()].filter(
      ({ kind, metadata }) =>
        PLURALS[kind] === plural &&
        (namespace === undefined || metadata.namespace === namespace) &&
        (name === undefined || metadata.name === name),
    );
  }

  /** What has changed since the resourceVersion comes first. */
  private watch(response: ServerResponse, call: SeenCall): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const sinceVersion = Number(call.query.get('resourceVersion') ?? 0);
    for (const object of this.selected(call)) {
      if (Number(object.metadata.resourceVersion) <= sinceVersion) continue;
      response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    }
    const watching = { plural: call.plural, name: nameIn(call.query), response };
    this.watches.add(watching);
    response.on('close', () => this.watches.delete(watching));
  }

  private tell(type: string, object: KubeObject): void {
    for (const { plural, name, response } of this.watches) {
      const isMeant = name === undefined || name === object.metadata.name;
      if (plural === PLURALS[object.kind] && isMeant) response.write(`${JSON.stringify({ type, object })}\n`);
    }
  }
}

export async function startTestApi(): Promise<TestApi> {
  const server = await startScriptedServer();
  return new TestApi(server, await writeKubeConfig(server.url, { token: 't' }));
}

function keyOf(plural: string, name: string | undefined): string {
  return `${plural}/${name}`;
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
export function forbidden(verb: string, resource: string): Refused {
  const message = `${resource} is forbidden: User "ann" cannot ${verb} resource "${resource}"`;
  return { code: 403, body: statusBody(403, 'Forbidden', message) };
}
