// SPDX-License-Identifier: Apache-2.0

/** What the user has and how the cluster around it is. */
export interface Setup {
  /** Absent: it is a Canary. */
  readonly blueGreen?: BlueGreenSetup;
  /**
   * The version that the Deployment comes with, at the same moment as the Canary: it is judged before its Service finds
   * it (firstDeploy). Absent: a Deployment whose pods serve already.
   */
  readonly first?: string;
  /**
   * What splits the traffic; own-route: an HTTPRoute that is made from a template; alb: an action of an Ingress; traefik:
   * a TraefikService; istio: a VirtualService, beside a DestinationRule.
   */
  readonly router: 'ingress' | 'service' | 'gateway' | 'own-route' | 'alb' | 'traefik' | 'istio';
  readonly replicas: number;
  /** None where it is a BlueGreen. */
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly settleMs: number;
  readonly scaleDownDelayMs: number;
  /** Where the new side is judged; of a BlueGreen step: before the promotion, background: in the bake. */
  readonly analysis: 'none' | 'background' | 'step';
  readonly onNoData: 'Hold' | 'Pause' | 'Rollback';
  /** The data plane hears of a change after this long at most, and takes up at most one configuration in this long. */
  readonly hearsMs: number;
  readonly throttleMs: number;
  /** Requests with a header go to the canary at any weight. */
  readonly isMatched?: boolean;
  /** Absent: the Canary does not bake. */
  readonly bakeMs?: number;
  /** How many stable revisions a template may go back to without steps. */
  readonly rollbackWindow?: number;
  readonly onFailure?: 'Rollback' | 'Pause';
  readonly releasePolicy?: 'Any' | 'Managed';
  /** The pods read from a ConfigMap and a Secret, which are copied for each revision or not. Absent: from none. */
  readonly config?: 'Versioned' | 'Live';
  /** How long a pod goes on answering when it is told to end; 0: it exits at once. */
  readonly graceMs: number;
  /** Replicas of the operator; with more than one there is a Lease. */
  readonly operators: number;
}

/** What a BlueGreen has beside what every release has. */
export interface BlueGreenSetup {
  /** Absent: as many as the release has in all. */
  readonly previewReplicas?: number;
  /** Who promotes: Headway at once, Headway after so many ms, or a person. */
  readonly promotes: 'at once' | 'a person' | number;
  /** Whether the operator serves Canaries too, or BlueGreens alone. */
  readonly isServedBesideCanaries: boolean;
}

/** One thing that somebody does, or that goes wrong, at a moment after the Canary was made. */
export interface Act {
  readonly atMs: number;
  readonly kind: string;
  readonly arg: string | number;
}

export interface Story {
  /** Of everything that the story leaves open: delays, orders, lots. */
  readonly seed: string;
  readonly setup: Setup;
  readonly acts: readonly Act[];
}

export function actText({ atMs, kind, arg }: Act): string {
  return `${clockText(atMs)} ${kind} ${arg}`.trimEnd();
}

/** `00:07.250`: minutes, seconds and milliseconds of a story. */
export function clockText(ms: number): string {
  const whole = Math.round(ms);
  const minutes = String(Math.floor(whole / 60_000)).padStart(2, '0');
  const seconds = String(Math.floor(whole / 1000) % 60).padStart(2, '0');
  return `${minutes}:${seconds}.${String(whole % 1000).padStart(3, '0')}`;
}
