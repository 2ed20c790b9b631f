// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { statusBody } from '../../operator/kube/scripted-server.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { createTestWorld, runLine, startLine, until } from '../test-io.ts';
import { BAKING, PREVIEW } from '../view/test-blue-greens.ts';
import {
  canary,
  HEALTHY,
  MID_CANARY,
  NO_DATA,
  ROLLED_BACK,
  T,
  UNSEEN_CANARY,
  WAITING,
} from '../view/test-rollouts.ts';
import { previousRevision } from './previous-revision.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

const ACTION = 'headway.dev/action';

function ask(...words: readonly string[]) {
  return runLine([...words, '-n', 'shop', '--kubeconfig', api.kubeconfig]);
}

function actionOf(object: KubeObject | undefined): string {
  return object?.metadata.annotations?.[ACTION] ?? '';
}

/** An operator that answers every request in this way. */
function answering(result: 'Accepted' | 'Rejected', message?: string): void {
  api.onPatch((object) => {
    const [verb, revision, nonce] = actionOf(object).split('/');
    const lastAction = { verb, revision, nonce, at: T('14:06:22'), result, ...(message ? { message } : {}) };
    const status = { ...(object.status as object), message: 'what it does now', lastAction };
    api.put({ ...object, status });
  });
}

describe('a verb that the status allows', () => {
  it.each<[readonly string[], KubeObject, string]>([
    [['promote', 'canary/checkout'], WAITING, 'promote/bbb'],
    [['promote', 'canary/checkout', '--full'], WAITING, 'promote-full/bbb'],
    [['skip', 'hcan', 'checkout'], MID_CANARY, 'skip-step/bbb'],
    [['pause', 'canary/checkout'], NO_DATA, 'pause/bbb'],
    [['abort', 'canary/checkout'], MID_CANARY, 'abort/bbb'],
    [['retry', 'canary/checkout'], ROLLED_BACK, 'retry/bbb'],
    [['rollback', 'canary/checkout'], ROLLED_BACK, 'rollback/zzz'],
    [['rollback', 'canary/checkout', '--to', '1.4.1'], HEALTHY, 'rollback/zzz'],
    [['rollback', 'canary/checkout', '--to', 'aaa'], HEALTHY, 'rollback/aaa'],
    [['promote', 'bluegreen/checkout'], PREVIEW, 'promote/bbb'],
    [['promote', 'bluegreen/checkout'], BAKING, 'promote/bbb'],
    [['resume', 'canary/checkout'], allowing(MID_CANARY, 'resume'), 'resume/bbb'],
    [['admit', 'canary/checkout'], allowing(MID_CANARY, 'admit'), 'admit/bbb'],
  ])('%j is written with the revision, and told once it is accepted: %#', async (words, object, written) => {
    api.put(object);
    answering('Accepted');
    const { code, out, err } = await ask(...words);
    const name = `${object.kind.toLowerCase()}/checkout`;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(actionOf(api.get(object.kind, 'checkout'))).toMatch(new RegExp(`^${written}/[0-9a-f-]{36}$`));
    const typed = words.includes('--full') ? 'promote --full' : words[0];
    expect(out).toBe(`${typed} of ${name} is accepted; what it does now\n`);
  });

  it('is one merge patch of the annotation, by the field manager of the plugin, guarded by what was read', async () => {
    api.put(WAITING);
    const read = api.get('Canary', 'checkout')?.metadata.resourceVersion;
    answering('Accepted');
    await ask('promote', 'canary/checkout');
    const [patch, ...others] = api.calls.filter(({ method }) => method === 'PATCH');
    expect(others).toEqual([]);
    expect(patch?.query.get('fieldManager')).toBe('kubectl-headway');
    expect(JSON.parse(patch?.body ?? '')).toEqual({
      metadata: {
        uid: 'u1',
        resourceVersion: read,
        annotations: { [ACTION]: expect.stringMatching(/^promote\/bbb\//) },
      },
    });
  });

  it('that the operator rejects is told with its reason', async () => {
    api.put(WAITING);
    answering('Rejected', 'promote names revision bbb, but the release is of revision ccc');
    expect(await ask('promote', 'canary/checkout')).toEqual({
      code: 1,
      out: '',
      err: 'error: promote of canary/checkout was refused: promote names revision bbb, but the release is of revision ccc\n',
    });
  });

  it('that nobody answers stays, and is told as asked for', async () => {
    api.put(WAITING);
    const { code, err } = await ask('promote', 'canary/checkout', '--timeout', '50ms');
    expect(code).toBe(5);
    expect(err).toMatch(
      /^error: promote of canary\/checkout is asked for and not answered yet \(no operator has answered: is one running, and does it serve this namespace\?\); the request promote\/bbb\/\S+ stays in its annotation until an operator sees it\n$/,
    );
  });

  it('is not taken for answered by the answer to another one', async () => {
    api.put(WAITING);
    api.onPatch((object) => {
      const lastAction = {
        verb: 'promote',
        revision: 'bbb',
        nonce: 'other',
        at: T('14:06:22'),
        result: 'Accepted',
      };
      api.put({ ...object, status: { ...(object.status as object), lastAction } });
    });
    expect((await ask('promote', 'canary/checkout', '--timeout', '100ms')).code).toBe(5);
  });

  it('says what it replaces where an earlier one was never answered', async () => {
    const { metadata } = WAITING;
    api.put({ ...WAITING, metadata: { ...metadata, annotations: { [ACTION]: 'pause/bbb/old' } } });
    answering('Accepted');
    const { code, err } = await ask('abort', 'canary/checkout');
    expect(code).toBe(0);
    expect(err).toBe('this replaces pause/bbb/old, which nobody has answered\n');
  });

  it('ends on Ctrl-C', async () => {
    api.put(WAITING);
    const world = createTestWorld();
    const line = ['promote', 'canary/checkout', '-n', 'shop', '--kubeconfig', api.kubeconfig];
    const { done } = startLine(line, { world });
    await until(() => api.calls.some(({ query }) => query.has('watch')));
    world.end();
    expect((await done).code).toBe(130);
  });
});

describe('a verb that meets another writer', () => {
  it('looks again, and is written on what there is then', async () => {
    api.put(WAITING);
    let conflicts = 2;
    api.refuse(({ method }) => {
      if (method !== 'PATCH' || conflicts === 0) return undefined;
      conflicts -= 1;
      return { code: 409, body: statusBody(409, 'Conflict', 'the object has been modified') };
    });
    answering('Accepted');
    expect((await ask('promote', 'canary/checkout')).code).toBe(0);
    expect(api.calls.filter(({ method }) => method === 'PATCH')).toHaveLength(3);
  });

  it('is refused where the status does not allow it any more', async () => {
    api.put(WAITING);
    api.refuse(({ method }) => {
      if (method !== 'PATCH') return undefined;
      api.refuse(() => undefined);
      api.put(HEALTHY);
      return { code: 409, body: statusBody(409, 'Conflict', 'the object has been modified') };
    });
    const { code, err } = await ask('promote', 'canary/checkout');
    expect(code).toBe(1);
    expect(err).toMatch(/^error: promote does not fit canary\/checkout now; possible now: rollback; /);
  });

  it('gives up when the object never holds still', async () => {
    api.put(WAITING);
    api.refuse(({ method }) =>
      method === 'PATCH'
        ? { code: 409, body: statusBody(409, 'Conflict', 'the object has been modified') }
        : undefined,
    );
    const { code, err } = await ask('promote', 'canary/checkout');
    expect(code).toBe(5);
    expect(err).toMatch(/the object has been modified \(409\)/);
    expect(api.calls.filter(({ method }) => method === 'PATCH')).toHaveLength(8);
  });

  it('is not written twice where only the answer was lost', async () => {
    api.put(WAITING);
    answering('Accepted');
    let isLost = false;
    api.refuse((call) => {
      if (call.method !== 'PATCH' || isLost) return undefined;
      isLost = true;
      const held = api.get('Canary', 'checkout');
      const { metadata } = JSON.parse(call.body) as { metadata: KubeObject['metadata'] };
      if (held) {
        const [verb, revision, nonce] = (metadata.annotations?.[ACTION] ?? '').split('/');
        const lastAction = { verb, revision, nonce, at: T('14:06:22'), result: 'Accepted' };
        api.put({
          ...held,
          metadata: { ...held.metadata, annotations: metadata.annotations ?? {} },
          status: { ...(held.status as object), allowedActions: ['abort'], lastAction },
        });
      }
      return { code: 504, body: statusBody(504, 'Timeout', 'the answer was lost') };
    });
    const { code, out } = await ask('promote', 'canary/checkout');
    expect(code).toBe(0);
    expect(out).toMatch(/^promote of canary\/checkout is accepted; /);
    expect(api.calls.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });
});

describe('a verb that does not fit', () => {
  it.each<[readonly string[], KubeObject, string]>([
    [
      ['promote', 'canary/checkout'],
      MID_CANARY,
      'promote does not fit canary/checkout now; possible now: promote --full|skip|pause|abort; it says: step 4/6, 25% on 1.5.0; success-rate 99.4% >= 99% (3 of 5 checks), p95-latency 412 ms <= 500 ms (3 of 5 checks)',
    ],
    [
      ['abort', 'canary/checkout'],
      UNSEEN_CANARY,
      'abort does not fit canary/checkout now; nothing can be asked for now; it says: no operator has looked at it yet',
    ],
    [
      ['skip', 'canary/checkout'],
      HEALTHY,
      'skip does not fit canary/checkout now; possible now: rollback; it says: all traffic on 1.5.0 since 14:05:40',
    ],
  ])('%j is refused at once, and nothing is written: %#', async (words, object, message) => {
    api.put(object);
    expect(await ask(...words)).toEqual({ code: 1, out: '', err: `error: ${message}\n` });
    expect(api.calls.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each<[readonly string[], string]>([
    [['--to', '1.3.0'], 'no revision 1.3.0 can be gone back to; there are: 1.4.2 (aaa), 1.4.1 (zzz)'],
  ])('rollback %j names what there is', async (words, message) => {
    api.put(HEALTHY);
    const { code, err } = await ask('rollback', 'canary/checkout', ...words);
    expect({ code, err }).toEqual({ code: 5, err: `error: ${message}\n` });
  });

  it.each([
    [['promote'], 'say which object: KIND/NAME, such as canary/checkout; KIND is canary or bluegreen'],
    [['promote', 'checkout'], 'say of which kind checkout is: canary/checkout or bluegreen/checkout'],
    [
      ['abort', 'canary/a', '--full'],
      'unknown flag --full; there are --timeout, --namespace, --context, --kubeconfig',
    ],
    [['pause', 'canary/a', '--timeout', '0s'], '--timeout: must be longer than 0s'],
  ])('%j is typed wrong', async (words, message) => {
    const { code, err } = await ask(...words);
    expect(code).toBe(2);
    expect(err.split('\n')[0]).toBe(`error: ${message}`);
  });
});

describe('the revision to go back to', () => {
  const one = { revision: 'aaa', version: '1.4.2' };
  const same = { revision: 'bbb', version: '1.4.2' };
  const now = { revision: 'now', version: '1.5.0' };

  it.each([
    ['the newest', [one, same], undefined, 'aaa'],
    ['never the one that is stable', [now, one], undefined, 'aaa'],
    ['by its version', [one], '1.4.2', 'aaa'],
    ['by its hash, where a version is that of two', [one, same], 'bbb', 'bbb'],
  ])('is %s', (_, previous, to, revision) => {
    expect(previousRevision({ previous, stable: now }, to).revision).toBe(revision);
  });

  it.each([
    ['nothing is kept', [now], undefined, 'no revision before this one is kept'],
    ['it is not among them', [one], '1.0', 'no revision 1.0 can be gone back to; there are: 1.4.2 (aaa)'],
    [
      'a version is that of two',
      [one, same],
      '1.4.2',
      '1.4.2 is the version of several revisions; name one by its hash: 1.4.2 (aaa), 1.4.2 (bbb)',
    ],
  ])('says so where %s', (_, previous, to, message) => {
    expect(() => previousRevision({ previous, stable: now }, to)).toThrow(message);
  });
});

function allowing(object: KubeObject, verb: string): KubeObject {
  return canary({ ...(object.status as object), allowedActions: [verb as never] });
}
