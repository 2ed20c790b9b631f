// SPDX-License-Identifier: Apache-2.0
import { countPresent, exactlyOneOf, type Rule } from './rules.ts';

const STEP_VERBS = ['setWeight', 'pause', 'analysis'] as const;
export const STEP_RULES: readonly Rule<object>[] = [
  {
    rule: '[has(self.setWeight), has(self.pause), has(self.analysis)].filter(x, x).size() <= 1',
    message: 'a step does one thing: set only one of setWeight, pause and analysis',
    holds: (step) => countPresent(step, STEP_VERBS) <= 1,
  },
  {
    rule: 'has(self.setWeight) || has(self.pause) || has(self.analysis) || has(self.replicas)',
    message: 'an empty step: set one of setWeight, pause, analysis and replicas',
    holds: (step) => countPresent(step, [...STEP_VERBS, 'replicas']) >= 1,
  },
  {
    rule: '!has(self.replicas) || (!has(self.pause) && !has(self.analysis))',
    message: 'replicas stands alone or beside setWeight',
    holds: (step) =>
      countPresent(step, ['replicas']) === 0 || countPresent(step, ['pause', 'analysis']) === 0,
  },
];

interface SpecFields {
  readonly steps?: readonly { readonly setWeight?: number | undefined }[] | undefined;
  readonly weights?: readonly number[] | undefined;
  readonly interval?: string | undefined;
  readonly analysis?: { readonly startingStep: number } | undefined;
  readonly traffic?:
    | { readonly ingress?: unknown; readonly traefik?: unknown; readonly alb?: unknown }
    | undefined;
  readonly match?: readonly { readonly headers: object }[] | undefined;
}

export const SPEC_RULES: readonly Rule<SpecFields>[] = [
  exactlyOneOf('steps', 'weights'),
  {
    path: ['interval'],
    rule: 'has(self.weights) == has(self.interval)',
    message: 'weights and interval go together',
    holds: (spec) => countPresent(spec, ['weights', 'interval']) !== 1,
  },
  {
    path: ['weights'],
    rule: '!has(self.weights) || (self.weights.isSorted() && self.weights.all(w, self.weights.exists_one(v, v == w)))',
    message: 'weights must rise: each greater than the one before',
    holds: ({ weights = [] }) => weights.every((weight, i) => i === 0 || weight > (weights[i - 1] ?? 0)),
  },
  {
    path: ['analysis', 'startingStep'],
    rule: '!has(self.analysis) || self.analysis.startingStep < (has(self.steps) ? self.steps.size() : (has(self.weights) ? 2 * self.weights.size() : 100))',
    message: 'startingStep must be the index of a step, counted from 0; each of weights makes two steps',
    holds: ({ analysis, steps, weights }) =>
      analysis === undefined ||
      analysis.startingStep < (steps?.length ?? (weights ? 2 * weights.length : 100)),
  },
  {
    path: ['analysis'],
    rule: '!has(self.analysis) || !has(self.steps) || self.steps.exists(s, has(s.setWeight) && s.setWeight > 0)',
    message:
      'no step gives the canary traffic, so nothing can be judged before the promotion; give a step a setWeight greater than 0, or leave analysis out',
    holds: ({ analysis, steps }) =>
      analysis === undefined || steps === undefined || steps.some(({ setWeight = 0 }) => setWeight > 0),
  },
  {
    path: ['match'],
    rule: '!has(self.match) || has(self.traffic)',
    message: 'match needs traffic: pods behind a Service cannot be chosen by a header',
    holds: ({ match, traffic }) => match === undefined || traffic !== undefined,
  },
  {
    path: ['match'],
    rule: '!has(self.match) || !has(self.traffic) || !has(self.traffic.alb)',
    message: 'behind alb requests cannot be chosen by a header; leave match out, or use traffic.gateway',
    holds: ({ match, traffic }) => match === undefined || traffic?.alb === undefined,
  },
  {
    path: ['match'],
    rule: '!has(self.match) || !has(self.traffic) || !has(self.traffic.ingress) || (self.match.size() == 1 && self.match[0].headers.size() == 1)',
    message:
      'the canary annotations of an Ingress know one header; use one match with one header, or traffic.gateway',
    holds: ({ match, traffic }) =>
      match === undefined ||
      traffic?.ingress === undefined ||
      (match.length === 1 && Object.keys(match[0]?.headers ?? {}).length === 1),
  },
  {
    path: ['match'],
    rule: '!has(self.match) || !has(self.traffic) || !has(self.traffic.traefik)',
    message:
      'a TraefikService cannot choose requests by a header; leave match out, or use traffic.gateway: Traefik serves HTTPRoutes too',
    holds: ({ match, traffic }) => match === undefined || traffic?.traefik === undefined,
  },
];
