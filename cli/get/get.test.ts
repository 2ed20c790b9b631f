// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { forbidden, startTestApi, type TestApi } from '../test-api.ts';
import { PIPE, runLine, TERMINAL } from '../test-io.ts';
import { BAKING } from '../view/test-blue-greens.ts';
import { HEALTHY, MID_CANARY, UNSEEN_CANARY } from '../view/test-rollouts.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function named(object: KubeObject, name: string, namespace = 'shop'): KubeObject {
  return { ...object, metadata: { ...object.metadata, name, namespace } };
}

function get(words: readonly string[], screen = PIPE) {
  return runLine(['get', ...words, '-n', 'shop', '--kubeconfig', api.kubeconfig], { screen });
}

describe('get', () => {
  beforeEach(() => {
    api.put({ ...MID_CANARY, metadata: { ...MID_CANARY.metadata, managedFields: [{ manager: 'headway' }] } });
    api.put(named(HEALTHY, 'cart'));
    api.put(named(UNSEEN_CANARY, 'new'));
    api.put(named(BAKING, 'web'));
    api.put(named(HEALTHY, 'elsewhere', 'store'));
  });

  it('lists both kinds of a namespace, for scripts without the sentence', async () => {
    expect(await get([])).toEqual({
      code: 0,
      err: '',
      out: [
        'NAME             PHASE          STEP  WEIGHT  VERSION  READY    AGE',
        'canary/cart      ● Healthy      -         0%  1.5.0    True     9d',
        'canary/checkout  ● Progressing  4/6      25%  1.5.0    False    9d',
        'canary/new       ○ Pending      -          -  -        Unknown  9d',
        'bluegreen/web    ● Progressing  -         0%  1.5.0    False    9d',
        '',
      ].join('\n'),
    });
  });

  it('has the sentence on a terminal, cut to the screen', async () => {
    const { out } = await get(['canary'], TERMINAL);
    const lines = out.trimEnd().split('\n');
    expect(lines[2]).toBe('canary/checkout  ● Progressing  4/6      25%  1.5.0    False    9d   step 4/6, …');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is as wide as it needs with -o wide', async () => {
    const { out } = await get(['hcan/checkout', '-o', 'wide'], TERMINAL);
    expect(out).toMatch(/ 9d +1\.4\.2 +50% +step 4\/6, 25% on 1\.5\.0; .*\(3 of 5 checks\)\n$/);
  });

  it('lists all namespaces with -A', async () => {
    const { out } = await get(['-A', 'canaries']);
    expect(out.split('\n')[0]).toMatch(/^NAMESPACE +NAME/);
    expect(out).toMatch(/^store +canary\/elsewhere/m);
    expect(api.calls.map(({ namespace }) => namespace)).toEqual([undefined]);
  });

  it.each([
    [
      ['-o', 'name'],
      'canary.headway.dev/cart\ncanary.headway.dev/checkout\ncanary.headway.dev/new\nbluegreen.headway.dev/web\n',
    ],
    [['bluegreen', '-o=name'], 'bluegreen.headway.dev/web\n'],
    [['bluegreen', 'web', '-oname'], 'bluegreen.headway.dev/web\n'],
  ])('%j names them as kubectl does', async (words, out) => {
    expect(await get(words)).toEqual({ code: 0, err: '', out });
  });

  it.each(['json', 'yaml'] as const)(
    'writes an object as %s, whole, but for managedFields',
    async (format) => {
      const { out } = await get(['canary/checkout', '-o', format]);
      const object = (format === 'json' ? JSON.parse(out) : parse(out)) as KubeObject;
      const stored = api.get('Canary', 'checkout');
      expect(object.status).toEqual(stored?.status);
      expect(object.metadata.managedFields).toBeUndefined();
      expect(object.metadata.resourceVersion).toBe(stored?.metadata.resourceVersion);
    },
  );

  it('writes several as a List whose items say what they are', async () => {
    const { out } = await get(['-o', 'json']);
    const list = JSON.parse(out) as { kind: string; items: KubeObject[] };
    expect(list.kind).toBe('List');
    expect(list.items.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).toEqual([
      ...Array.from({ length: 3 }, () => 'headway.dev/v1alpha1 Canary'),
      'headway.dev/v1alpha1 BlueGreen',
    ]);
  });
});

describe('get, where there is nothing to show', () => {
  it('says so, and where it has looked', async () => {
    expect(await get([])).toEqual({
      code: 0,
      out: '',
      err: 'no canaries and bluegreens in namespace shop (context "x")\n',
    });
    expect((await get(['hbg', '-A'])).err).toBe('no bluegreens in any namespace (context "x")\n');
  });

  it('writes an empty List for scripts', async () => {
    const { out } = await get(['-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'List', items: [] });
  });

  it.each([
    [
      ['canary/checkot'],
      ['checkout'],
      'there is no canary/checkot in namespace shop (context "x"); did you mean canary/checkout?',
    ],
    [
      ['bluegreen/checkout'],
      ['checkout'],
      'there is no bluegreen/checkout in namespace shop (context "x"); did you mean canary/checkout?',
    ],
    [
      ['canary/zz'],
      ['checkout', 'cart'],
      'there is no canary/zz in namespace shop (context "x"); canaries and bluegreens there: canary/cart, canary/checkout',
    ],
    [
      ['canary/zz'],
      [],
      'there is no canary/zz in namespace shop (context "x"); canaries and bluegreens there: none',
    ],
  ])('%j among %j', async (words, names, sentence) => {
    for (const name of names) api.put(named(HEALTHY, name));
    expect(await get(words)).toEqual({ code: 5, out: '', err: `error: ${sentence}\n` });
  });

  it('names the namespace that has it', async () => {
    api.put(named(HEALTHY, 'checkout', 'store'));
    expect((await get(['canary/checkout'])).err).toBe(
      'error: there is no canary/checkout in namespace shop (context "x"); there is canary/checkout -n store\n',
    );
  });

  it('looks in this namespace alone where it may not look in all', async () => {
    api.put(named(HEALTHY, 'checkout'));
    api.refuse(({ namespace, name, plural }) =>
      namespace === undefined && name === undefined ? forbidden('list', plural) : undefined,
    );
    expect((await get(['canary/checkot'])).err).toMatch(/did you mean canary\/checkout\?/);
  });
});

describe('get, typed wrong', () => {
  it.each([
    [
      ['pods'],
      '"pods" is no kind that Headway releases; there are canary (canaries, hcan), bluegreen (bluegreens, hbg)',
    ],
    [
      ['canary.apps'],
      '"canary.apps" is no kind that Headway releases; there are canary (canaries, hcan), bluegreen (bluegreens, hbg)',
    ],
    [['canary/'], 'say which canary: canary/NAME'],
    [['checkout/'], 'say of which kind checkout is: canary/checkout or bluegreen/checkout'],
    [['canary/a', 'canary/b'], 'one object at a time, not "canary/a canary/b"'],
    [['canary/a', '-A'], 'an object is of one namespace: leave out -A or the name'],
    [['-o', 'toml'], '-o toml: must be json, yaml, wide, name'],
  ])('%j', async (words, message) => {
    expect(await get(words)).toEqual({
      code: 2,
      out: '',
      err: `error: ${message}\nkubectl headway get --help says how it is used\n`,
    });
  });

  it('tells all that is wrong at once', async () => {
    const { err } = await get(['--wide', '-o', '--all-namespaces=yes']);
    expect(err.split('\n').filter((line) => line.startsWith('error:'))).toHaveLength(2);
  });
});
