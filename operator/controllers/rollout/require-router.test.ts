// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ROUTER_NAMES, type RouterName } from '../../api/traffic.ts';
import { canaryKind } from '../canary/kind.ts';
import { requireRouter } from './require-router.ts';
import { canaryWith } from './test-reconcile.ts';

const SETTINGS: Readonly<Record<RouterName, object>> = {
  ingress: { name: 'web' },
  gateway: { routes: [{ kind: 'HTTPRoute', name: 'web' }] },
  traefik: { service: 'web' },
  alb: { ingress: 'web' },
  istio: { virtualServices: [{ name: 'web' }] },
};

function rolloutBy(router: RouterName | undefined) {
  const traffic = router && { [router]: SETTINGS[router] };
  return canaryKind.read(canaryWith(traffic ? { spec: { traffic } } : {})).rollout();
}

describe('requireRouter', () => {
  it.each(ROUTER_NAMES)('lets %s pass where it is served', (router) => {
    expect(() => requireRouter(rolloutBy(router), [router])).not.toThrow();
    expect(() => requireRouter(rolloutBy(router), undefined)).not.toThrow();
  });

  it.each(ROUTER_NAMES)('refuses %s where the others are served', (router) => {
    const others = ROUTER_NAMES.filter((name) => name !== router);
    expect(() => requireRouter(rolloutBy(router), others)).toThrow(
      `spec.traffic.${router} is switched off: --routers of this operator is ${others.join(', ')}; until ${router} is among them, this Canary and all that it governs stay as they are`,
    );
  });

  it('says so where none is served, for which only a person can help', () => {
    expect(() => requireRouter(rolloutBy('alb'), [])).toThrow(
      expect.objectContaining({
        name: 'TerminalError',
        reason: 'RouterOff',
        message: expect.stringContaining('--routers of this operator is none; until alb is among them'),
      }),
    );
  });

  it('calls a BlueGreen by its kind', () => {
    const rollout = { ...rolloutBy('istio'), kind: 'BlueGreen' as const };
    expect(() => requireRouter(rollout, ['alb'])).toThrow(/ this BlueGreen and all that it governs stay/);
  });

  it('has nothing against a split by pods', () => {
    expect(() => requireRouter(rolloutBy(undefined), [])).not.toThrow();
  });
});
