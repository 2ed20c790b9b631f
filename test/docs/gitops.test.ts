// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CelInput, isCelError, run } from '@bufbuild/cel';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { caseOf } from '../gitops/expected.ts';
import { objectIn, STATES } from '../gitops/states.ts';
import { shownBy } from '../gitops/contract.ts';
import { IGNORED } from '../gitops/tools.ts';
import { fencesOf, readPage, root, rowsOf } from './markdown.ts';

const page = readPage('docs/gitops.md');

const Expressions = z.object({
  kind: z.string(),
  failed: z.string(),
  current: z.string(),
  inProgress: z.string().default('false'),
});
const Spec = z.looseObject({
  ignoreDifferences: z
    .array(z.looseObject({ kind: z.string(), jsonPointers: z.array(z.string()) }))
    .optional(),
  ignore: z
    .array(z.looseObject({ paths: z.array(z.string()), target: z.looseObject({ kind: z.string() }) }))
    .optional(),
  healthCheckExprs: z.array(Expressions).optional(),
});

const specs = fencesOf(page)
  .filter(({ language }) => language === 'yaml')
  .map(({ text }) => Spec.parse((parse(text) as { spec: unknown }).spec));

/** The one thing of its name that the page shows. */
function only<T>(found: readonly (T | undefined)[]): T {
  const [first, ...others] = found.filter((one) => one !== undefined);
  if (first === undefined || others.length > 0) throw new Error(`the page shows ${found.length} of it`);
  return first;
}

describe('what is to be ignored', () => {
  const argo = only(specs.map(({ ignoreDifferences }) => ignoreDifferences));
  const flux = only(specs.map(({ ignore }) => ignore));
  const byArgo = argo.map(({ kind, jsonPointers }) => `${kind} ${jsonPointers.join()}`).toSorted();
  const byFlux = flux.map(({ target, paths }) => `${target.kind} ${paths.join()}`).toSorted();

  it('is the same for Argo CD and for Flux', () => expect(byFlux).toEqual(byArgo));

  it.each(Object.entries(IGNORED))('is of a %s what the stories leave out: %s', (kind, field) => {
    expect(byArgo.filter((rule) => rule.startsWith(`${kind} /spec/${field}`))).toHaveLength(1);
  });
});

describe('the expressions for Flux', () => {
  const { failed, current, inProgress } = only(specs.map(({ healthCheckExprs }) => healthCheckExprs))[0] ?? {
    failed: '',
    current: '',
    inProgress: '',
  };

  /** In the order of kustomize-controller, which looks at observedGeneration first. */
  function statusBy(status: CelInput, isSeen: boolean): string {
    if (!isSeen || holds(inProgress, status)) return 'InProgress';
    if (holds(failed, status)) return 'Failed';
    return holds(current, status) ? 'Current' : 'InProgress';
  }

  function holds(expression: string, status: CelInput): boolean {
    const answer = run(expression, { status });
    if (isCelError(answer)) throw new Error(`${expression}: ${answer.message}`);
    return answer === true;
  }

  // what is being deleted Flux does not wait for
  const waitedFor = STATES.filter(({ row }) => !row.startsWith('being deleted'));

  it.each(waitedFor)(
    'say of $name what kstatus says, but that who waits for a person is done',
    async (state) => {
      const object = await objectIn(state, 'Canary');
      const { also, isSeen } = shownBy(object);
      const { kstatus } = caseOf(state.name, object);
      const isDone = also.includes('Paused') && kstatus !== 'Failed';
      expect(statusBy(object['status'] as CelInput, isSeen)).toBe(isDone ? 'Current' : kstatus);
    },
  );
});

describe('the ConfigMap for Argo CD', () => {
  const { data } = parse(readFileSync(join(root, 'deploy/argocd/argocd-cm.yaml'), 'utf8')) as {
    data: Record<string, string>;
  };

  it('has the keys that the page names, of both kinds', () => {
    const keys = Object.keys(data);
    expect(keys.filter((key) => key.endsWith('_Canary')).every((key) => page.includes(`\`${key}\``))).toBe(
      true,
    );
    const ofBoth = ['Canary', 'BlueGreen'].flatMap((kind) =>
      ['health', 'actions'].map((part) => `resource.customizations.${part}.headway.dev_${kind}`),
    );
    expect(keys.toSorted()).toEqual(ofBoth.toSorted());
  });

  it('has the scripts of both kinds, and for each action the verb that it is called', () => {
    const folder = join(root, 'deploy/argocd/resource_customizations/headway.dev');
    for (const kind of ['Canary', 'BlueGreen']) {
      const health = readFileSync(join(folder, kind, 'health.lua'), 'utf8');
      expect(data[`resource.customizations.health.headway.dev_${kind}`]).toBe(health);
      const actions = parse(data[`resource.customizations.actions.headway.dev_${kind}`] ?? '') as {
        definitions: { name: string; 'action.lua': string }[];
      };
      for (const { name, ...script } of actions.definitions)
        expect(script['action.lua']).toContain(`local verb = "${name}"\n`);
    }
  });
});

describe('the table of healths', () => {
  it('has every health of the contract beside its kstatus', () => {
    const told = rowsOf(page, 'Argo CD').map((row) => `${row.get('Argo CD')} ${row.get('Flux (kstatus)')}`);
    expect(told).toEqual([
      'Healthy Current',
      'Progressing InProgress',
      'Suspended InProgress',
      'Degraded Failed',
    ]);
  });
});
