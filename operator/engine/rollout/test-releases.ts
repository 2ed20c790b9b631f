// SPDX-License-Identifier: Apache-2.0
// Test support: releases at the moments that tests begin with, and what people see of them.
import { Annotations } from '../../api/group.ts';
import { FakeCluster, type FakeClusterOptions, V2 } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';

/** One check that a release fails by an answer above 1. */
export const CHECK = {
  name: 'errors',
  provider: 'prometheus',
  query: 'errors{revision="{{revision}}"}',
  max: 1,
  interval: '10s',
};

/** The same, asked so often that many answers come within a step. */
export const QUICK_CHECK = { ...CHECK, interval: '2s' };

/** A Deployment that was adopted and is at rest; its writes and events so far are forgotten. */
export function adopted(options: FakeClusterOptions = {}): FakeOperator {
  const operator = new FakeOperator(new FakeCluster(options)).runUntilIdle();
  operator.takeWrites();
  operator.events.length = 0;
  return operator;
}

/** A release of another template that has just been noticed. */
export function releasing(options: FakeClusterOptions = {}, template: FakeTemplate = V2): FakeOperator {
  const operator = adopted(options).meanwhile((cluster) => cluster.setTemplate(template));
  return operator.runUntil(({ stage }) => stage === 'Stepping');
}

/** A release that has just come to a step. */
export function atStep(index: number, options: FakeClusterOptions = {}): FakeOperator {
  return releasing(options).runUntil(({ step }) => step?.index === index);
}

let nonces = 0;

/** Writes the annotation by which a person asks for something; of the revision in flight, unless said otherwise. */
export function ask(operator: FakeOperator, verb: string, revision?: string): FakeOperator {
  const { canary, stable } = operator.status;
  const named = revision ?? (canary ?? stable)?.revision ?? '';
  return annotate(operator, `${verb}/${named}/${++nonces}`);
}

export function annotate(operator: FakeOperator, text: string): FakeOperator {
  return operator.meanwhile(({ canary: rollout }) => {
    rollout.metadata.annotations = { ...rollout.metadata.annotations, [Annotations.action]: text };
  });
}

export function changeSpec(operator: FakeOperator, change: Record<string, unknown>): FakeOperator {
  return operator.meanwhile((cluster) => cluster.changeSpec(change));
}

export function deleteCanary(operator: FakeOperator): FakeOperator {
  return operator.meanwhile(({ canary: rollout }) => {
    rollout.metadata.deletionTimestamp = '2026-11-21T15:00:00Z';
  });
}

/** The last plan as people see it: `Healthy: Ready=True Succeeded, Promoted`. */
export function shown({ last }: FakeOperator): string {
  const conditions = (last?.conditions ?? []).map(({ type, status, reason }) =>
    type === 'Ready' ? `Ready=${status} ${reason}` : type,
  );
  return `${last?.status.phase}: ${conditions.join(', ')}`;
}

/** The last plan's sentence. */
export function said({ last }: FakeOperator): string {
  return last?.status.message ?? '';
}

/** Events since the last call, as `Warning RolledBack: ...` or `Promoted: ...`. */
export function takeEvents(operator: FakeOperator): string[] {
  return operator.events
    .splice(0)
    .map(({ type, reason, message }) => `${type === 'Warning' ? 'Warning ' : ''}${reason}: ${message}`);
}

/** By which the traffic of a canary with half of five pods goes back to stable. */
export function writesOfGoingBack(route: FakeRouteKind): string[] {
  return route
    ? ['weight 0', 'scale web-bbb to 0', 'rest route', 'remove checkout-canary']
    : [
        'return web-aaa-3',
        'return web-aaa-4',
        'scale web-aaa to 5',
        'checkout -> revision aaa',
        'scale web-bbb to 0',
      ];
}
