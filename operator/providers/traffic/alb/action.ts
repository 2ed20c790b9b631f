// SPDX-License-Identifier: Apache-2.0
import { readJson } from '../../../engine/json.ts';
import { isJson, type Json, memberOf, withMember } from './members.ts';

/**
 * An action that forwards to target groups, as the annotation `actions.<name>` says it
 * (kubernetes-sigs/aws-load-balancer-controller, pkg/ingress/config_types.go).
 */
export interface ForwardAction {
  readonly json: Json;
  readonly groups: readonly TargetGroup[];
  /** For how many seconds a client stays with the target group that it got first; undefined: it does not. */
  readonly stickySeconds: number | undefined;
}

/** A target group of an action: the pods of a Service, or one that somebody made in AWS. */
export type TargetGroup = {
  /** Name of the Service; empty for a target group that is named by its ARN. */
  readonly name: string;
  readonly port: string;
  /** As it is written; undefined where it is not. */
  readonly weight: number | undefined;
  /** All that is written of it, whatever its name and weight are by now. */
  readonly json: Json;
};

/** What the text of an annotation came to. Of one that is no JSON nobody can tell where its requests go. */
export type ReadAction =
  | { readonly kind: 'forward'; readonly action: ForwardAction }
  | { readonly kind: 'other'; readonly because: string }
  | { readonly kind: 'unreadable'; readonly because: string };

/** `because` completes a sentence that begins with the annotation. */
export function readAction(text: string): ReadAction {
  const json = readJson(text);
  if (!isJson(json)) return { kind: 'unreadable', because: 'is no JSON object' };
  const type = memberOf(json, 'type');
  if (type !== 'forward') return { kind: 'other', because: `is of type ${wordOf(type)}, not forward` };
  const config = memberOf(json, 'forwardConfig');
  const groups = isJson(config) ? memberOf(config, 'targetGroups') : undefined;
  if (!isJson(config) || !isList(groups) || groups.length === 0) {
    return { kind: 'other', because: 'has no forwardConfig with targetGroups' };
  }
  const read = groups.filter(isJson).map(readGroup);
  if (read.length < groups.length) return { kind: 'other', because: 'has a target group that is no object' };
  return { kind: 'forward', action: { json, groups: read, stickySeconds: stickySecondsOf(config) } };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A value as it is quoted to people. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function readGroup(json: Json): TargetGroup {
  const name = memberOf(json, 'serviceName');
  const port = memberOf(json, 'servicePort');
  const weight = memberOf(json, 'weight');
  return {
    name: typeof name === 'string' ? name : '',
    port: typeof port === 'string' ? port : JSON.stringify(port ?? null),
    weight: typeof weight === 'number' ? weight : undefined,
    json,
  };
}

/** ALB's own default is an hour (elbv2, TargetGroupStickinessConfig). */
const DEFAULT_STICKY_SECONDS = 3600;

function stickySecondsOf(config: Json): number | undefined {
  const sticky = memberOf(config, 'targetGroupStickinessConfig');
  if (!isJson(sticky) || memberOf(sticky, 'enabled') !== true) return undefined;
  const seconds = memberOf(sticky, 'durationSeconds');
  return typeof seconds === 'number' ? seconds : DEFAULT_STICKY_SECONDS;
}

/** The action with these target groups in place of its own. */
export function withGroups(action: ForwardAction, groups: readonly TargetGroup[]): ForwardAction {
  return withConfig({ ...action, groups }, 'targetGroups', groups.map(jsonOf));
}

/** The action with its stickiness on or off, for one that says how long it is. */
export function withStickiness(action: ForwardAction, enabled: boolean): ForwardAction {
  const sticky = memberOf(configOf(action), 'targetGroupStickinessConfig');
  if (!isJson(sticky)) return action;
  const changed = withConfig(action, 'targetGroupStickinessConfig', withMember(sticky, 'enabled', enabled));
  return { ...changed, stickySeconds: stickySecondsOf(configOf(changed)) };
}

function configOf({ json }: ForwardAction): Json {
  const config = memberOf(json, 'forwardConfig');
  return isJson(config) ? config : {};
}

function withConfig(action: ForwardAction, name: string, value: unknown): ForwardAction {
  return {
    ...action,
    json: withMember(action.json, 'forwardConfig', withMember(configOf(action), name, value)),
  };
}

/** A target group as it is written: a weight only where there is one. */
function jsonOf({ name, weight, json }: TargetGroup): Json {
  const named =
    name === '' || name === memberOf(json, 'serviceName') ? json : withMember(json, 'serviceName', name);
  if (weight === undefined || weight === memberOf(json, 'weight')) return named;
  return withMember(named, 'weight', weight);
}
