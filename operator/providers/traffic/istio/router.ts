// SPDX-License-Identifier: Apache-2.0
import { requirePercent } from '../percent.ts';
import type { RouteFacts, RouteSplit, RouteWrite, TrafficRouter } from '../types.ts';
import { observePatched, planPatchedRest, planPatchedWeight } from '../weights/patched.ts';
import { findChangedCopy, needsCopies, planCopies, planNoCopies } from './destination-rules.ts';
import { readVirtualServices } from './live.ts';
import { findIstioExceptions, findIstioProblems } from './problems.ts';
import type { IstioTarget } from './schema.ts';

/**
 * Splits traffic by the weights of the user's own VirtualServices (networking.istio.io/v1). Destinations of http routes
 * that are the Service get the canary Service beside them, by JSON Patch on exactly the version that was read; nothing
 * else is changed, and at rest the http routes are as the user wrote them. `http` is one value for the API server.
 *
 * What the user's DestinationRules say of the Service holds for the canary Service by copies, owned by the Canary, as long
 * as the canary has a place in a VirtualService. A proxy has to know a subset and how to speak TLS before it sends anybody
 * there, so that the canary gets its place first, at weight 0, and its share when that has settled.
 *
 * Istio tells nobody which proxies follow (its status conditions are off unless asked for, and gone from some versions),
 * so nothing is ever pending here, and the settle time alone is waited for.
 */
export const istioRouter: TrafficRouter<IstioTarget> = Object.freeze({ observe, planWeight, planRest });

function observe(target: IstioTarget): RouteFacts {
  const each = readVirtualServices(target).map(({ editor, live }) => observePatched(editor, target, [live]));
  const exists = each.some((one) => one.exists);
  const now = {
    weight: Math.max(0, ...each.map(({ weight }) => weight)),
    matched: each.some(({ matched }) => matched),
  };
  const overwrites = [...each.map((one) => one.overwritten), findChangedCopy(target)];
  const overwritten = overwrites.find((found) => found !== undefined);
  return {
    ...now,
    exists,
    outdated: (exists ? planWeight(target, now) : planRest(target)).length > 0,
    problems: findIstioProblems(target),
    exceptions: findIstioExceptions(target),
    ...(overwritten && { overwritten }),
    ...(needsCopies(target) && { placeFirst: true as const }),
  };
}

function planWeight(target: IstioTarget, split: RouteSplit): readonly RouteWrite[] {
  requirePercent(split.weight);
  const patches = readVirtualServices(target).flatMap(({ editor, live }) =>
    planPatchedWeight(editor, target, [live], split),
  );
  return [...planCopies(target), ...patches];
}

function planRest(target: IstioTarget): readonly RouteWrite[] {
  const patches = readVirtualServices(target).flatMap(({ editor, live }) =>
    planPatchedRest(editor, target, [live]),
  );
  return [...patches, ...planNoCopies(target)];
}
