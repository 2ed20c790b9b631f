// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../api/reasons.ts';
import { ROUTER_NAMES, type RouterName } from '../../api/traffic.ts';
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { TerminalError } from '../../runtime/errors.ts';

/**
 * Throws a TerminalError (RouterOff) for a way to split traffic that is not among those that are served. Its route
 * cannot be seen, so that nothing of the object may be moved, scaled or given back, not even at its deletion: the route
 * may still send requests to the canary. `served` undefined: all are.
 */
export function requireRouter(rollout: Rollout, served: readonly RouterName[] | undefined): void {
  const { kind, spec } = rollout;
  const wanted = ROUTER_NAMES.find((name) => spec.traffic?.[name] !== undefined);
  if (wanted === undefined || served === undefined || served.includes(wanted)) return;
  const named = served.length > 0 ? served.join(', ') : 'none';
  throw new TerminalError(
    Reasons.RouterOff,
    `spec.traffic.${wanted} is switched off: --routers of this operator is ${named}; until ${wanted} is among them, this ${kind} and all that it governs stay as they are`,
  );
}
