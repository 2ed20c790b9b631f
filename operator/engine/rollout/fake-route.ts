// SPDX-License-Identifier: Apache-2.0
// Test support: what splits the traffic, and the Gateway that follows it late.
import { Reasons } from '../../api/reasons.ts';
import { NO_SHARE, type RouteShare } from './route-share.ts';
import type { RouteState } from './types.ts';

/** What splits the traffic: pods behind the Service, an Ingress, a route of the user, one that is owned, or an ALB. */
export type FakeRouteKind = boolean | 'user' | 'own' | 'alb';

/** After a write, how long a Gateway takes to serve it and to say so; longer than the settle time. */
const GATEWAY_LAG_MS = 3000;

const TRAFFIC = {
  ingress: { traffic: { ingress: { name: 'web' }, settle: '2s' } },
  user: { traffic: { gateway: { routes: [{ name: 'web' }] }, settle: '2s' } },
  own: { traffic: { gateway: { template: { parentRefs: [{ name: 'main' }] } }, settle: '2s' } },
  alb: { traffic: { alb: { ingress: 'web' }, settle: '2s' } },
};

/** The fields of a spec for one of them. Behind a Gateway some requests are chosen by a header. */
export function trafficOf(route: FakeRouteKind): object {
  if (route === false) return {};
  if (route === true) return TRAFFIC.ingress;
  if (route === 'alb') return TRAFFIC.alb;
  return { ...TRAFFIC[route], match: [{ headers: { 'x-canary': { exact: 'always' } } }] };
}

interface Clock {
  readonly now: number;
  after(ms: number, run: () => void): void;
}

export class FakeRoute {
  exists = false;
  weight = 0;
  matched = false;
  outdated: boolean;
  pending?: string;
  overwritten?: { field: string; manager?: string; isWeight?: true };
  private readonly owned: boolean;
  readonly placeFirst: boolean;
  private readonly isGateway: boolean;
  private lateUntilMs = 0;

  constructor(kind: Exclude<FakeRouteKind, false>) {
    this.isGateway = kind === 'user' || kind === 'own';
    this.placeFirst = kind === 'alb';
    this.owned = kind === 'own';
    this.outdated = this.owned;
  }

  /** A route that is not there cannot be split; taking the weight back removes what was made for it. */
  setShare(share: RouteShare, { clock, isThere }: { clock: Clock; isThere: boolean }): void {
    if (isThere) this.write({ exists: true, ...share }, clock);
    else if (share.weight === 0) this.rest(clock);
  }

  rest(clock: Clock): void {
    this.write({ exists: false, ...NO_SHARE }, clock);
  }

  state(isThere: boolean): RouteState {
    const { exists, weight, matched, outdated, owned, pending, overwritten, placeFirst } = this;
    const message = 'Ingress web is not in namespace shop; it is taken up as soon as it is';
    return {
      exists,
      weight,
      outdated,
      ...(matched && { matched }),
      ...(owned && { owned }),
      ...(pending && { pending }),
      ...(overwritten && { overwritten }),
      ...(placeFirst && { placeFirst }),
      problems: isThere ? [] : [{ reason: Reasons.IngressNotFound, message }],
    };
  }

  /** A Gateway serves what it had until it says that it has taken up the new. */
  private write(written: RouteShare & { exists: boolean }, clock: Clock): void {
    Object.assign(this, written, { outdated: false });
    delete this.overwritten;
    if (!this.isGateway) return;
    this.lateUntilMs = clock.now + GATEWAY_LAG_MS;
    this.pending = 'Gateway main to take up HTTPRoute web';
    clock.after(GATEWAY_LAG_MS, () => {
      if (clock.now >= this.lateUntilMs) delete this.pending;
    });
  }
}
