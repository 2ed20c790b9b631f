// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readContext } from './kubeconfig.ts';

let folder: string;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  folder = await mkdtemp(join(tmpdir(), 'headway-kubeconfig-'));
});

afterEach(async () => {
  process.env = before;
  await rm(folder, { recursive: true });
});

/** A kubeconfig with a context, a cluster and a user of one name each. */
async function config(file: string, names: readonly string[], more: object = {}): Promise<string> {
  const path = join(folder, file);
  const text = {
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.${file}` } })),
    users: names.map((name) => ({ name, user: { token: name } })),
    contexts: names.map((name) => ({
      name,
      context: { cluster: name, user: name, namespace: `${name}-ns` },
    })),
    ...more,
  };
  await writeFile(path, JSON.stringify(text));
  return path;
}

describe('the context in use', () => {
  it('is that of the file, or the one that is named', async () => {
    const path = await config('one', ['dev', 'prod'], { 'current-context': 'dev' });
    expect(readContext({ kind: 'file', path })).toEqual({
      name: 'dev',
      server: 'https://dev.one',
      user: 'dev',
      namespace: 'dev-ns',
    });
    expect(readContext({ kind: 'file', path, context: 'prod' }).server).toBe('https://prod.one');
  });

  it('may name no namespace', async () => {
    const contexts = [{ name: 'dev', context: { cluster: 'dev', user: 'dev' } }];
    const path = await config('one', ['dev'], { contexts, 'current-context': 'dev' });
    expect(readContext({ kind: 'file', path })).toEqual({
      name: 'dev',
      server: 'https://dev.one',
      user: 'dev',
    });
  });

  it.each([
    ['nowhere', 'staging', /^cannot read the kubeconfig .*nowhere: .*ENOENT/],
    ['one', 'staging', /^the kubeconfig has no context "staging"; it has dev, prod$/],
    ['one', undefined, /^the kubeconfig has no cluster for context "gone"$/],
  ])('of the file %s and the context %s cannot be had, and it says why', async (file, context, message) => {
    await config('one', ['dev', 'prod'], { 'current-context': 'gone' });
    expect(() => readContext({ kind: 'file', path: join(folder, file), context })).toThrow(message);
  });

  it('says what is no kubeconfig', async () => {
    const path = join(folder, 'text');
    await writeFile(path, '{');
    expect(() => readContext({ kind: 'file', path })).toThrow(/^cannot read the kubeconfig .*text: /);
  });
});

describe('KUBECONFIG', () => {
  it('may name several files, of which the first one counts, and those that are not there do not', async () => {
    const one = await config('one', ['dev']);
    const two = await config('two', ['dev', 'prod'], { 'current-context': 'prod' });
    process.env['KUBECONFIG'] = [join(folder, 'nowhere'), one, two].join(delimiter);
    expect(readContext({ kind: 'default' })).toMatchObject({ name: 'prod', server: 'https://prod.two' });
    expect(readContext({ kind: 'default', context: 'dev' }).server).toBe('https://dev.one');
  });

  it('that names nothing that is there says so', () => {
    const path = join(folder, 'nowhere');
    process.env['KUBECONFIG'] = path;
    expect(() => readContext({ kind: 'default' })).toThrow(`KUBECONFIG names no file that is there: ${path}`);
  });
});

describe('without any configuration', () => {
  it('says where it has looked', () => {
    delete process.env['KUBECONFIG'];
    process.env['HOME'] = folder;
    expect(() => readContext({ kind: 'default' })).toThrow(/^no kubeconfig: KUBECONFIG is not set/);
  });

  it('says that this is no pod', () => {
    delete process.env['KUBERNETES_SERVICE_HOST'];
    expect(() => readContext({ kind: 'in-cluster' })).toThrow('not inside a cluster');
  });
});
