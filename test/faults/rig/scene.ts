// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { kubectl, applyObjects } from '../../e2e/support/kubectl.ts';
import {
  type BlueGreenSpecInput,
  type CanarySpecInput,
  type Mode,
  rolloutObject,
  shopObjects,
  type SpecInput,
} from '../../e2e/support/objects.ts';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { isHealthy, type Stage, until as untilWithin } from '../../e2e/support/acts.ts';
import { readRoute as readUsersRoute } from '../../e2e/support/story.ts';
import { waitFor } from '../../e2e/support/wait.ts';
import { type FaultProxy, startFaultProxy } from '../proxy/proxy.ts';
import { type Instance, operatorKubeconfig, startInstance } from './instance.ts';

/** Where a shop is, and how fast things go there. */
export interface Furnished extends Stage {
  readonly kind: RolloutKind;
  /** How many times longer than on a machine of its own everything takes; all times are stretched by it. */
  readonly patience: number;
  /** The HTTPRoute or TraefikService as the user wrote it; undefined without one. */
  readonly usersRoute: string | undefined;
}

/** A namespace with a shop, its Canary or BlueGreen, and an operator of its own behind a proxy. */
export interface Scene extends Furnished {
  readonly proxy: FaultProxy;
  /** The weights of the steps. */
  readonly weights: readonly number[];
  readonly scaleDownDelayMs: number;
  /** Ends the operator, as the proxy lets it, and starts another one, which knows nothing. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface SceneOptions {
  readonly title: string;
  readonly mode: Mode;
  /** Default: Canary. */
  readonly kind?: RolloutKind;
  readonly spec?: SpecInput;
  readonly replicas?: number;
  /** Before the operator starts. */
  readonly prepare?: (proxy: FaultProxy) => void;
}

export const SCALE_DOWN_DELAY_MS = 2_000;

/** By themselves they stand in the middle for a moment: half of the traffic on a canary, or a preview that stands. */
const canary: CanarySpecInput = { steps: [{ setWeight: 50 }, { pause: { duration: '2s' } }] };
const blueGreen: BlueGreenSpecInput = { autoPromoteAfter: '2s' };

const trafficBy: Readonly<Record<Mode, Pick<CanarySpecInput, 'traffic'>>> = {
  route: { traffic: { ingress: { name: 'shop' }, settle: '1s' } },
  gateway: { traffic: { gateway: { routes: [{ name: 'shop' }] }, settle: '1s' } },
  traefik: { traffic: { traefik: { service: 'shop' }, settle: '1s' } },
  ratio: {},
};

function specOf({ kind, mode, spec }: SceneOptions): SpecInput {
  const shared = { scaleDownDelay: `${SCALE_DOWN_DELAY_MS}ms`, progressDeadline: '2m', ...trafficBy[mode] };
  if (kind !== 'BlueGreen') return { ...shared, ...canary, ...spec };
  const isLeftToPerson = spec !== undefined && 'autoPromote' in spec;
  return { ...shared, ...(isLeftToPerson ? {} : blueGreen), ...spec };
}

/** Those of the steps; a BlueGreen has all or nothing. */
function weightsOf(spec: SpecInput): number[] {
  const { steps = [] }: CanarySpecInput = spec;
  return steps.flatMap(({ setWeight }) => (setWeight === undefined ? [] : [setWeight]));
}

/** What furnishing takes on a machine of its own. */
const FURNISHED_WITHIN_MS = 4_000;

/** Where a shop is, with everything that its users made; without an operator. */
export async function furnish(options: SceneOptions): Promise<Furnished> {
  const { title, mode, kind = 'Canary', replicas = 2 } = options;
  const startedMs = performance.now();
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replace(/-$/, '');
  const told = kind === 'Canary' ? mode : `bg-${mode}`;
  const namespace = `faults-${slug}-${told}-${randomBytes(2).toString('hex')}`;
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects(shopObjects({ namespace, mode, version: '1.0.0', replicas }));
  await kubectl(['wait', '-n', namespace, 'deployment/shop', '--for=condition=Available', '--timeout=180s']);
  await applyObjects([rolloutObject(kind, { namespace, mode, spec: specOf(options) })]);
  const usersRoute = await readRoute(namespace, mode);
  const patience = Math.min(6, Math.max(1, (performance.now() - startedMs) / FURNISHED_WITHIN_MS));
  return {
    title,
    kind,
    mode,
    namespace,
    replicas,
    exit: 'immediate',
    operatorLog: undefined,
    patience,
    usersRoute,
  };
}

/** All that a person has in the route, as text; undefined where no object of a person carries weights. */
export async function readRoute(namespace: string, mode: Mode): Promise<string | undefined> {
  const route = await readUsersRoute(namespace, mode);
  if (!route) return undefined;
  const { spec, metadata } = route;
  const { labels, annotations = {} } = metadata;
  return JSON.stringify({ spec, labels, annotations });
}

/** Opens a scene; nothing waits for the adoption. */
export async function openScene(options: SceneOptions): Promise<Scene> {
  const stage = await furnish(options);
  const proxy = await startFaultProxy(operatorKubeconfig());
  options.prepare?.(proxy);
  let instance: Instance = await startInstance(proxy.url, [stage.namespace]);
  return {
    ...stage,
    proxy,
    weights: weightsOf(specOf(options)),
    scaleDownDelayMs: SCALE_DOWN_DELAY_MS,
    async restart() {
      await instance.stop();
      proxy.mend();
      instance = await startInstance(proxy.url, [stage.namespace]);
    },
    async close() {
      proxy.cut();
      await instance.stop();
      await proxy.close();
    },
  };
}

/** The status as soon as it satisfies the condition; by default within a minute. */
export function until(
  stage: Furnished,
  what: string,
  isReached: (status: RolloutStatus) => boolean,
  withinMs = 60_000,
): Promise<RolloutStatus> {
  return untilWithin(stage, what, isReached, withinMs * stage.patience);
}

/** Resolves when `Ready` is False for this reason; throws when its message does not hold the text. */
export async function untilSaid(stage: Furnished, reason: string, text: string): Promise<void> {
  const isReady = ({ type }: { type: string }): boolean => type === 'Ready';
  const { conditions = [] } = await until(stage, `the reason ${reason}`, (status) => {
    const ready = status.conditions?.find(isReady);
    return ready?.status === 'False' && ready.reason === reason;
  });
  expect(conditions.find(isReady)?.message).toContain(text);
}

/** Resolves when all traffic is on the first revision and the Deployment's own pods are retired. */
export async function untilAdopted(stage: Furnished): Promise<void> {
  await until(stage, 'the adoption', (status) => isHealthy(status) && status.parked === true);
}

/** Resolves when the proxy has cut the operator off. */
export function untilCut({ proxy, patience }: Scene): Promise<true> {
  const probe = async () => proxy.isCut() || undefined;
  return waitFor({ what: 'the crash', withinMs: 60_000 * patience, probe });
}
