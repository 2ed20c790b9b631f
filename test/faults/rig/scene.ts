// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { kubectl, applyObjects } from '../../e2e/support/kubectl.ts';
import { canaryObject, type CanarySpecInput, type Mode, shopObjects } from '../../e2e/support/objects.ts';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { isHealthy, type Stage, until as untilWithin } from '../../e2e/support/acts.ts';
import { readRoute as readUsersRoute } from '../../e2e/support/story.ts';
import { type FaultProxy, startFaultProxy } from '../proxy/proxy.ts';
import { type Instance, operatorKubeconfig, startInstance } from './instance.ts';

/** Where a shop is, and how fast things go there. */
export interface Furnished extends Stage {
  /** How many times longer than on a machine of its own everything takes; all times are stretched by it. */
  readonly patience: number;
  /** The HTTPRoute or TraefikService as the user wrote it; undefined without one. */
  readonly usersRoute: string | undefined;
}

/** A namespace with a shop, its Canary, and an operator of its own behind a proxy. */
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
  readonly spec?: CanarySpecInput;
  readonly replicas?: number;
  /** Before the operator starts. */
  readonly prepare?: (proxy: FaultProxy) => void;
}

export const SCALE_DOWN_DELAY_MS = 2_000;

const steps = [{ setWeight: 50 }, { pause: { duration: '2s' } }];

const trafficBy: Readonly<Record<Mode, Pick<CanarySpecInput, 'traffic'>>> = {
  route: { traffic: { ingress: { name: 'shop' }, settle: '1s' } },
  gateway: { traffic: { gateway: { routes: [{ name: 'shop' }] }, settle: '1s' } },
  traefik: { traffic: { traefik: { service: 'shop' }, settle: '1s' } },
  ratio: {},
};

function specOf(mode: Mode, more: CanarySpecInput = {}): CanarySpecInput {
  const traffic = trafficBy[mode];
  return { steps, scaleDownDelay: `${SCALE_DOWN_DELAY_MS}ms`, progressDeadline: '2m', ...traffic, ...more };
}

/** What furnishing takes on a machine of its own. */
const FURNISHED_WITHIN_MS = 4_000;

/** Where a shop is, with everything that its users made; without an operator. */
export async function furnish({ title, mode, spec, replicas = 2 }: SceneOptions): Promise<Furnished> {
  const startedMs = performance.now();
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replace(/-$/, '');
  const namespace = `faults-${slug}-${mode}-${randomBytes(2).toString('hex')}`;
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects(shopObjects({ namespace, mode, version: '1.0.0', replicas }));
  await kubectl(['wait', '-n', namespace, 'deployment/shop', '--for=condition=Available', '--timeout=180s']);
  await applyObjects([canaryObject(namespace, mode, specOf(mode, spec))]);
  const usersRoute = await readRoute(namespace, mode);
  const patience = Math.min(6, Math.max(1, (performance.now() - startedMs) / FURNISHED_WITHIN_MS));
  return {
    title,
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
  const { steps: own = steps } = specOf(options.mode, options.spec);
  return {
    ...stage,
    proxy,
    weights: own.flatMap(({ setWeight }) => (setWeight === undefined ? [] : [setWeight])),
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
