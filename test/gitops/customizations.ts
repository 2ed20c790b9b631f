// SPDX-License-Identifier: Apache-2.0
// deploy/argocd: the scripts for each kind, with examples and tests as Argo CD's own repository has them, and as a ConfigMap.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Annotations, GROUP } from '../../operator/api/group.ts';
import { RolloutVerb } from '../../operator/api/rollout-status.ts';
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { root } from '../docs/markdown.ts';
import { caseOf, requestFor, titleOf } from './expected.ts';
import { objectIn, STATES } from './states.ts';

/** Contents by paths from `deploy/argocd`. */
export type Files = ReadonlyMap<string, string>;

const KINDS: readonly RolloutKind[] = ['Canary', 'BlueGreen'];
const VERBS = RolloutVerb.options;
const LICENSE = '# SPDX-License-Identifier: Apache-2.0\n';

/** States that say something of their own about the scripts; all others are tried where they are made. */
const EXAMPLES = [
  'progressing_new',
  'progressing_newSpec',
  'progressing_step',
  'progressing_bake',
  'progressing_refused',
  'healthy_promoted',
  'suspended_waitsForApproval',
  'suspended_waitsForAdmission',
  'suspended_pausedOnRequest',
  'suspended_metricsMissing',
  'suspended_onItsWay',
  'degraded_rolledBack',
  'degraded_noDeployment',
  'degraded_invalidSpec',
];

/** Examples in which a verb is asked for, and what the file of the outcome is called. */
const REQUESTS: readonly { verb: RolloutVerb; example: string; outcome?: string }[] = [
  { verb: 'promote', example: 'suspended_waitsForApproval' },
  { verb: 'promote', example: 'progressing_bake', outcome: 'promote_inBake' },
  { verb: 'promote-full', example: 'progressing_step' },
  { verb: 'skip-step', example: 'progressing_step' },
  { verb: 'pause', example: 'progressing_step' },
  { verb: 'resume', example: 'suspended_pausedOnRequest' },
  { verb: 'abort', example: 'progressing_step' },
  { verb: 'retry', example: 'degraded_rolledBack' },
  { verb: 'rollback', example: 'healthy_promoted' },
  { verb: 'admit', example: 'suspended_waitsForAdmission' },
];

const DISCOVERED = [
  'progressing_new',
  'progressing_step',
  'suspended_waitsForApproval',
  'healthy_promoted',
  'degraded_rolledBack',
];

/** Everything that is made from `deploy/argocd/lua` and from what the engine shows. */
export async function customizations(): Promise<Files> {
  const files = new Map([['argocd-cm.yaml', configMap()]]);
  for (const kind of KINDS) {
    for (const [path, text] of await filesOf(kind))
      files.set(`resource_customizations/${GROUP}/${kind}/${path}`, text);
  }
  return files;
}

async function filesOf(kind: RolloutKind): Promise<Files> {
  const examples = await examplesOf(kind);
  const objects = [...examples].map(([name, object]): [string, string] => [
    `testdata/${name}.yaml`,
    yamlOf(object),
  ]);
  const scripts = VERBS.map((verb): [string, string] => [`actions/${verb}/action.lua`, actionScript(verb)]);
  const outcomes = REQUESTS.map(({ verb, example, outcome = verb }): [string, string] => [
    `actions/testdata/${outcome}.yaml`,
    yamlOf(asked(found(examples, example), verb)),
  ]);
  return new Map([
    ['health.lua', script('health')],
    ['health_test.yaml', yamlOf(healthTests(examples))],
    ...objects,
    ['actions/discovery.lua', script('discovery')],
    ...scripts,
    ['actions/action_test.yaml', yamlOf(actionTests(examples))],
    ...outcomes,
  ]);
}

type Examples = ReadonlyMap<string, KubeObject>;

async function examplesOf(kind: RolloutKind): Promise<Examples> {
  const examples = new Map<string, KubeObject>();
  for (const name of EXAMPLES) {
    const state = STATES.find((candidate) => candidate.name === name);
    if (!state) throw new Error(`there is no state ${name}`);
    examples.set(name, await objectIn(state, kind));
  }
  return examples;
}

function found(examples: Examples, name: string): KubeObject {
  const object = examples.get(name);
  if (!object) throw new Error(`there is no example ${name}`);
  return object;
}

/** The object with the annotation that asks for a verb. */
function asked(object: KubeObject, verb: RolloutVerb): KubeObject {
  const annotations = { [Annotations.action]: requestFor(object, verb) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function healthTests(examples: Examples) {
  const tests = [...examples].map(([name, object]) => {
    const { health, message } = caseOf(name, object);
    return { healthStatus: { status: health, message }, inputPath: `testdata/${name}.yaml` };
  });
  return { tests };
}

function actionTests(examples: Examples) {
  const discoveryTests = DISCOVERED.map((name) => {
    const object = found(examples, name);
    const { requests } = caseOf(name, object);
    const result = VERBS.map((verb) => ({
      name: verb,
      disabled: !(verb in requests),
      displayName: titleOf(verb, object),
    }));
    return { inputPath: `../testdata/${name}.yaml`, result };
  });
  const actionTests = REQUESTS.map(({ verb, example, outcome = verb }) => ({
    action: verb,
    inputPath: `../testdata/${example}.yaml`,
    expectedOutputPath: `testdata/${outcome}.yaml`,
  }));
  return { discoveryTests, actionTests };
}

function script(name: 'health' | 'discovery' | 'action'): string {
  return readFileSync(join(root, 'deploy/argocd/lua', `${name}.lua`), 'utf8');
}

/** One script for all verbs but for its own name of it. */
function actionScript(verb: RolloutVerb): string {
  return script('action').replace('"VERB"', `"${verb}"`);
}

/** For an Argo CD that does not have them built in. */
function configMap(): string {
  const definitions = VERBS.map((verb) => ({ name: verb, 'action.lua': actionScript(verb) }));
  const actions = stringify(
    { 'discovery.lua': script('discovery'), definitions },
    { lineWidth: 0, version: '1.1' },
  );
  const data = KINDS.flatMap((kind) => [
    [`resource.customizations.health.${GROUP}_${kind}`, script('health')],
    [`resource.customizations.actions.${GROUP}_${kind}`, actions],
  ]);
  const metadata = {
    name: 'argocd-cm',
    namespace: 'argocd',
    labels: { 'app.kubernetes.io/part-of': 'argocd' },
  };
  return yamlOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Object.fromEntries(data) });
}

function yamlOf(value: unknown): string {
  return LICENSE + stringify(value, { lineWidth: 0, version: '1.1' });
}
