// SPDX-License-Identifier: Apache-2.0

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** A request to the API server, as its authorizer would name it. */
export interface Call {
  readonly verb: Verb;
  /** Plural, such as `deployments`; '' for what is no resource, such as /version. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** What a call must be; what is absent may be anything. `write`: any verb that changes something. */
export interface Match extends Partial<Omit<Call, 'verb'>> {
  readonly verb?: Verb | 'write';
}

const WRITES: ReadonlySet<Verb> = new Set(['create', 'update', 'patch', 'delete']);

/** Reads a request line. */
export function callOf(method: string, url: string): Call {
  const { pathname, searchParams } = new URL(url, 'http://api');
  const [root = '', ...segments] = pathname.split('/').filter((segment) => segment !== '');
  const rest = root === 'api' ? segments.slice(1) : root === 'apis' ? segments.slice(2) : [];
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = isNamespaced ? (rest[1] ?? '') : '';
  const [resource = '', name = '', subresource = ''] = isNamespaced ? rest.slice(2) : rest;
  const isWatch = searchParams.get('watch') === 'true';
  return { verb: verbOf(method, name, isWatch), resource, subresource, namespace, name };
}

function verbOf(method: string, name: string, isWatch: boolean): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return isWatch ? 'watch' : name === '' ? 'list' : 'get';
  }
}

function isWrite({ verb }: Call): boolean {
  return WRITES.has(verb);
}

export function matches({ verb, ...fields }: Match, call: Call): boolean {
  if (verb === 'write' ? !isWrite(call) : verb !== undefined && verb !== call.verb) return false;
  const known: Readonly<Record<string, string>> = { ...call };
  return Object.entries(fields).every(([field, wanted]) => wanted === undefined || known[field] === wanted);
}
