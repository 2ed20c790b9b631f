// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { RolloutVerb } from '../../operator/api/rollout-status.ts';
import { FakeOperator } from '../../operator/engine/rollout/fake-operator.ts';
import { annotate } from '../../operator/engine/rollout/test-releases.ts';
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { caseOf, requestFor, titleOf } from './expected.ts';
import { objectOf } from './objects.ts';
import { objectIn, type State, STATES } from './states.ts';

const kinds = ['Canary', 'BlueGreen'] as const;

function stateOf(name: string): State {
  const state = STATES.find((candidate) => candidate.name === name);
  if (!state) throw new Error(`there is no state ${name}`);
  return state;
}

function object(status: object): KubeObject {
  const metadata = { generation: 2, resourceVersion: '17' };
  return { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', metadata, status };
}

/** What the engine answers when a verb is asked for in a state as Argo CD asks for it; undefined where it is not allowed. */
async function answerTo(verb: RolloutVerb, state: State, kind: RolloutKind): Promise<object | undefined> {
  const operator = await state.reach(kind);
  if (!(operator instanceof FakeOperator) || operator.status.allowedActions?.includes(verb) !== true)
    return undefined;
  annotate(operator, requestFor(objectOf(operator.cluster), verb)).reconcile();
  return operator.status.lastAction;
}

describe.each(kinds)('of a %s', (kind) => {
  it.each(RolloutVerb.options)('%s is accepted wherever it is allowed', async (verb) => {
    const answers = await Promise.all(STATES.map((state) => answerTo(verb, state, kind)));
    const given = answers.filter((answer) => answer !== undefined);
    expect(given).not.toEqual([]);
    expect(given).toEqual(
      given.map(() => expect.objectContaining({ verb, result: 'Accepted', nonce: 'argocd-4711' })),
    );
  });
});

describe('a case', () => {
  it.each([
    [
      'suspended_waitsForApproval',
      'Suspended',
      'InProgress',
      'step 2/2, 20% on 2.0; waits until somebody promotes',
    ],
    [
      'degraded_rolledBack',
      'Degraded',
      'Failed',
      /^errors 50 > 1 in 1 of 2 checks at 20%; all traffic on 1\.0 since /,
    ],
    ['degraded_refused', 'Degraded', 'InProgress', /^errors 50 > 1 .*; may not patch deployments\.apps /],
    [
      'suspended_atRest',
      'Suspended',
      'Current',
      /^suspended: nothing is changed .*; all traffic on 1\.0 since /,
    ],
    ['progressing_newSpec', 'Progressing', 'InProgress', 'no operator has looked at generation 3 yet'],
  ])('of a Canary that is %s says %s, %s and why', async (name, health, kstatus, message) => {
    const made = caseOf(name, await objectIn(stateOf(name), 'Canary'));
    expect(made).toMatchObject({ health, kstatus });
    expect(made.message).toMatch(message);
  });

  it('of an object that the contract does not speak of is none', () => {
    const unknown = object({ observedGeneration: 2, phase: 'Healthy', conditions: [] });
    expect(() => caseOf('odd', unknown)).toThrow('odd: the contract says [] of {"phase":"Healthy"');
  });
});

describe('the revision of a request', () => {
  const status = {
    stable: { revision: 'aaa' },
    canary: { revision: 'bbb' },
    previous: [{ revision: 'zzz' }],
  };

  it.each<[string, object, RolloutVerb, string]>([
    ['is the one on its way', status, 'promote', 'promote/bbb/argocd-17'],
    ['in a bake is the stable one', { ...status, stage: 'Baking' }, 'promote', 'promote/aaa/argocd-17'],
    ['at rest is the stable one', { stable: { revision: 'aaa' } }, 'retry', 'retry/aaa/argocd-17'],
    ['of a rollback is where it goes', status, 'rollback', 'rollback/zzz/argocd-17'],
    [
      'of a BlueGreen is that of the preview',
      { preview: { revision: 'bbb' } },
      'abort',
      'abort/bbb/argocd-17',
    ],
  ])('%s', (_, given, verb, request) => expect(requestFor(object(given), verb)).toBe(request));
});

describe('the title of an action', () => {
  it('of a rollback says where it goes', () => {
    expect(titleOf('rollback', object({ previous: [{ revision: 'zzz', version: '1.4.1' }] }))).toBe(
      'Roll back to 1.4.1',
    );
    expect(titleOf('rollback', object({ previous: [{ revision: 'zzz' }] }))).toBe('Roll back to zzz');
    expect(titleOf('rollback', object({}))).toBe('Roll back');
  });
});
