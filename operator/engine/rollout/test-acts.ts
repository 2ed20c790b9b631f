// SPDX-License-Identifier: Apache-2.0
// Test support: what people, clusters and accidents do to a release, in any order.
import fc from 'fast-check';
import { RolloutVerb } from '../../api/rollout-status.ts';
import { BROKEN, V1, V2, V3 } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import type { FakeOperator } from './fake-operator.ts';
import { annotate, ask, changeSpec } from './test-releases.ts';
import type { Pin } from './types.ts';

/** One thing that happens; its name is what a failed run shows. */
export interface Act {
  readonly name: string;
  readonly happens: (operator: FakeOperator) => void;
}

/** Another version with another template, and with another content of its ConfigMap. */
const CONFIGURED: FakeTemplate = { hash: 'cfg', version: '4.0', config: ['app'] };
const TEMPLATES = [V1, V2, V3, BROKEN, CONFIGURED];

function act(name: string, happens: Act['happens']): Act {
  return { name, happens, toString: () => name } as Act;
}

const templates = fc
  .constantFrom(...TEMPLATES)
  .map((template) => act(`template ${template.hash}`, (operator) => setTemplate(operator, template)));

const contents = fc
  .constantFrom('a1', 'a2')
  .map((content) =>
    act(
      `config ${content}`,
      (operator) => void operator.meanwhile(({ configMaps }) => void configMaps.set('app', content)),
    ),
  );

const verbs = fc
  .constantFrom(...RolloutVerb.options)
  .map((verb) => act(verb, (operator) => void ask(operator, verb, revisionFor(operator, verb))));

/** rollback names where to go; the others name what is on its way. */
function revisionFor({ cluster }: FakeOperator, verb: RolloutVerb): string | undefined {
  return verb === 'rollback' ? cluster.canary.status?.previous?.[0]?.revision : undefined;
}

const metrics = fc
  .constantFrom(0, 50, 'empty' as const, 'timeout' as const)
  .map((answer) => act(`metrics ${answer}`, (operator) => void (operator.metrics = () => answer)));

const waits = fc
  .constantFrom(1, 30, 700, 2500, 9000, 30_000, 130_000)
  .map((ms) => act(`wait ${ms}`, (operator) => void operator.runFor(ms)));

const accidents = fc.oneof(
  fc
    .integer({ min: 1, max: 4 })
    .map((writes) => act(`crash in ${writes}`, (operator) => void (operator.crashIn = writes))),
  fc.constant(act('restart', (operator) => void operator.restart(20_000))),
);

const changes = fc.oneof(
  fc
    .integer({ min: 1, max: 8 })
    .map((replicas) => act(`replicas ${replicas}`, (operator) => void changeSpec(operator, { replicas }))),
  fc
    .boolean()
    .map((suspend) => act(`suspend ${suspend}`, (operator) => void changeSpec(operator, { suspend }))),
  fc.constantFrom([10, 30], [25, 50, 75]).map((weights) => {
    const steps = weights.flatMap((weight) => [{ setWeight: weight }, { pause: { duration: '4s' } }]);
    return act(`weights ${weights}`, (operator) => void changeSpec(operator, { steps }));
  }),
  fc.constant(act('junk', (operator) => void annotate(operator, 'what/is/this/now'))),
);

/** Nobody loses a pod and nobody else writes: not one request may be lost. */
export const calmActs = fc.oneof(
  { weight: 3, arbitrary: templates },
  { weight: 1, arbitrary: contents },
  { weight: 3, arbitrary: verbs },
  { weight: 2, arbitrary: metrics },
  { weight: 6, arbitrary: waits },
  { weight: 2, arbitrary: accidents },
  { weight: 2, arbitrary: changes },
);

const pins = fc
  .constantFrom<Pin>(
    { kind: 'none' },
    { kind: 'all' },
    { kind: 'revision', revision: 'aaa' },
    { kind: 'revision', revision: 'bbb' },
  )
  .map((pin) =>
    act(
      `pin ${JSON.stringify(pin)}`,
      (operator) => void operator.meanwhile((cluster) => cluster.pin(pin, 'argocd')),
    ),
  );

const weights = fc.integer({ min: 0, max: 100 }).map((weight) =>
  act(
    `weight ${weight}`,
    (operator) =>
      void operator.meanwhile((cluster) => {
        if (cluster.route?.exists) cluster.overwriteWeight(weight, 'kubectl');
      }),
  ),
);

const podLosses = fc
  .record({ template: fc.constantFrom(...TEMPLATES), broken: fc.boolean() })
  .map(({ template, broken }) =>
    act(
      `pods of ${template.hash} die, broken: ${broken}`,
      (operator) =>
        void operator.meanwhile((cluster) =>
          cluster.losePods(cluster.revisions.get(`web-${template.hash}`), broken),
        ),
    ),
  );

/** Somebody takes one pod out or lets it in again; somebody ends one. */
const podAccidents = fc
  .record({
    template: fc.constantFrom(...TEMPLATES),
    index: fc.nat(5),
    what: fc.constantFrom('out', 'in', 'ends'),
  })
  .map(({ template, index, what }) =>
    act(
      `pod ${index} of ${template.hash}: ${what}`,
      (operator) =>
        void operator.meanwhile((cluster) => {
          const deployment = cluster.revisions.get(`web-${template.hash}`);
          const pod = deployment?.pods[index];
          if (!deployment || !pod) return;
          if (what === 'ends') cluster.endPod(deployment, pod);
          else cluster.labelPod(pod.name, what === 'in');
        }),
    ),
  );

const deletions = fc
  .constantFrom(...TEMPLATES)
  .map(({ hash }) =>
    act(
      `web-${hash} is deleted`,
      (operator) => void operator.meanwhile((cluster) => cluster.deleteRevision(`web-${hash}`)),
    ),
  );

const losses = fc.oneof(
  fc
    .boolean()
    .map((exists) => act(`Ingress ${exists}`, ({ cluster }) => void (cluster.ingressExists = exists))),
  fc.constant(
    act(
      'the target is gone',
      (operator) => void operator.meanwhile((cluster) => void (cluster.target = undefined)),
    ),
  ),
  fc.constant(
    act(
      'the Service is gone',
      (operator) => void operator.meanwhile((cluster) => void (cluster.service = undefined)),
    ),
  ),
  fc.constant(act('the status is gone', ({ cluster }) => void delete cluster.canary.status)),
  fc.constant(
    act(
      'somebody scales up',
      (operator) => void operator.meanwhile((cluster) => cluster.scale(cluster.target, 3, 'kubectl')),
    ),
  ),
);

/** What a template names is deleted, or the copy of it that a revision has. */
const configLosses = fc.boolean().map((isCopy) =>
  act(
    `config is deleted, copies: ${isCopy}`,
    (operator) =>
      void operator.meanwhile(({ configMaps, revisions }) => {
        if (!isCopy) configMaps.delete('app');
        else for (const { copies } of revisions.values()) copies.clear();
      }),
  ),
);

/** Everything. */
export const wildActs = fc.oneof(
  { weight: 8, arbitrary: calmActs },
  { weight: 1, arbitrary: pins },
  { weight: 1, arbitrary: weights },
  { weight: 1, arbitrary: podLosses },
  { weight: 2, arbitrary: podAccidents },
  { weight: 1, arbitrary: deletions },
  { weight: 1, arbitrary: losses },
  { weight: 1, arbitrary: configLosses },
);

function setTemplate(operator: FakeOperator, template: FakeTemplate): void {
  operator.meanwhile((cluster) => {
    if (cluster.target) cluster.setTemplate(template);
    else cluster.createTarget(template, 0);
  });
}

/** Puts right what only people can: what is gone comes back, what is paused goes on, metrics are good. */
export function heal(operator: FakeOperator): void {
  operator.metrics = () => 0;
  operator.crashIn = Number.POSITIVE_INFINITY;
  operator.meanwhile((cluster) => {
    cluster.ingressExists = true;
    cluster.configMaps.set('app', 'a1');
    if (!cluster.target) cluster.createTarget(V1, 0);
    if (!cluster.service) {
      cluster.service = { pin: { kind: 'none' }, endpoints: {} };
      cluster.pin({ kind: 'none' }, 'kubectl');
    }
    for (const deployment of cluster.revisions.values()) {
      if (deployment.template.broken && deployment.template.hash !== BROKEN.hash)
        cluster.losePods(deployment, false);
    }
  });
  if (operator.cluster.canary.spec.suspend) changeSpec(operator, { suspend: false });
  operator.runFor(700_000);
  const { status } = operator.cluster.canary;
  if (status?.allowedActions?.includes('resume')) ask(operator, 'resume').runFor(700_000);
  const isLost = status?.conditions?.some(({ reason }) => reason === 'NoStableEndpoints');
  if (isLost || !status?.stable) setTemplate(operator, templateOf(operator, status?.stable?.revision));
}

function templateOf({ cluster }: FakeOperator, revision = ''): FakeTemplate {
  const { hash } = cluster.revisions.get(`web-${revision}`)?.template ?? { hash: revision };
  return TEMPLATES.find((template) => template.hash === hash) ?? V1;
}
