// SPDX-License-Identifier: Apache-2.0
import type { AnalysisTemplateSpec } from '../../api/analysis.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { EventReason, Reason } from '../../api/reasons.ts';
import type { ConfigKind, RevisionConfig, TrackedConfig } from './config.ts';
import type { RolloutKind } from './rollout.ts';
import type { CheckQuery, QueryResult } from '../analysis/query-types.ts';

/** What the plan reads of the user's Deployment. */
export interface TargetFacts {
  readonly uid: string;
  /** spec.replicas as stored. */
  readonly replicas: number;
  /** Fingerprint of spec.template as stored: equal exactly for equal templates. */
  readonly template: string;
  /** Hash that would name a revision of this template and config. */
  readonly hash: string;
  /** The ConfigMaps and Secrets that the template names and that are kept with each revision; absent: none. */
  readonly config?: readonly TrackedConfig[];
  readonly version?: string;
  /** Available pods of the newest template; 0 while an older generation is reported. */
  readonly available: number;
  /** `pod-template-hash` of the newest ReplicaSet, known only where it is needed (deletion). */
  readonly podHash?: string;
  /** Last field manager that wrote spec.replicas. */
  readonly replicasManager?: string;
  /** Its rollout was paused (`spec.paused`). */
  readonly paused?: boolean;
  /** Why this Deployment cannot be released, in one sentence. */
  readonly problem?: string;
}

/**
 * What pins a Service's selector: nothing, a revision that there is not (`nobody`: no pod is found as long as a first
 * version is judged), one revision, every revision of the Canary, or one ReplicaSet. `whole`: also
 * pods that were taken out, because the label is missing by which they leave; Headway never writes that.
 */
export type Pin =
  | { readonly kind: 'none' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'revision'; readonly revision: string; readonly whole?: true }
  | { readonly kind: 'all'; readonly whole?: true }
  | { readonly kind: 'replica-set'; readonly podHash: string };

/** What the plan reads of the user's Service. */
export interface ServiceFacts {
  readonly pin: Pin;
  /** Last field manager that wrote spec.selector. */
  readonly selectorManager?: string;
  /** Ready endpoints by revision; pods that belong to no revision are counted under ''. */
  readonly endpoints: Readonly<Record<string, number>>;
  /** Why this Service cannot be governed, in one sentence. */
  readonly problem?: string;
}

export interface CanaryServiceFacts {
  /** The revision that its selector names; undefined where it names none. */
  readonly revision?: string;
  /** Last field manager that wrote spec.selector. */
  readonly selectorManager?: string;
  /** The user's Service has changed since it was written. */
  readonly outdated?: boolean;
  readonly ours: boolean;
  readonly endpoints: Readonly<Record<string, number>>;
}

/** One pod of a revision that runs and is not about to end. */
export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly createdAtMs: number;
  readonly ready: boolean;
  /** The Services of the Canary may name it; without this it was taken out, or has not been let in yet. */
  readonly serving: boolean;
  /** A Service of the Canary has it as a ready endpoint now. */
  readonly reached: boolean;
  /** Where it runs, if anywhere yet. */
  readonly node?: string;
  /** What others say it costs to end it (`controller.kubernetes.io/pod-deletion-cost`); 0 where nobody does. */
  readonly cost: number;
}

/** One revision Deployment that this Canary owns. */
export interface RevisionFacts {
  readonly revision: string;
  readonly deployment: string;
  readonly uid: string;
  readonly createdAtMs: number;
  /** Fingerprint of its template as stored, without what Headway added or renamed. */
  readonly template: string;
  /** Its copies of ConfigMaps and Secrets; absent: it was made without. */
  readonly config?: readonly RevisionConfig[];
  readonly version?: string;
  readonly replicas: number;
  /** Last field manager that wrote spec.replicas. */
  readonly replicasManager?: string;
  /** Available pods that may serve; 0 while an older generation is reported. */
  readonly available: number;
  /** Pods that exist, ready or not. */
  readonly pods: number;
  /** Whether the Deployment controller has seen its newest spec. */
  readonly current: boolean;
  /** Its pods as the watch of pods shows them, oldest first. */
  readonly members: readonly PodFacts[];
  /** What its pods complain about, for example "ImagePullBackOff", or why they cannot be made. */
  readonly complaint?: string;
}

/** What the route carries now. Absent in the world: the split is the ratio of pods behind the Service. */
export interface RouteState {
  /** Whether the canary has a place in the route, be it at weight 0. */
  readonly exists: boolean;
  readonly weight: number;
  /** Whether chosen requests (`spec.match`) go to the canary whatever the weight. */
  readonly matched?: boolean;
  /** What has to confirm yet that it follows the route, to complete "waits for"; absent: all that can have. */
  readonly pending?: string;
  /** Whether the route is Headway's also at rest, so that nobody else has to write it then. */
  readonly owned?: boolean;
  /** The object no longer says what it should beside the weight: the user's route, or somebody else, has changed. */
  readonly outdated: boolean;
  readonly problems: readonly { readonly reason: Reason; readonly message: string }[];
  /** Requests that do not follow the weight, one sentence each. */
  readonly exceptions?: readonly string[];
  /** A field that somebody else has changed, and who it was. */
  readonly overwritten?: { readonly field: string; readonly manager?: string; readonly isWeight?: true };
  /** A canary without a place in the route gets it first, at weight 0, and its share when that has settled. */
  readonly placeFirst?: boolean;
}

/** Another release of the namespace that names an object which this one names too. */
export interface RivalFacts {
  readonly kind: RolloutKind;
  readonly name: string;
  readonly uid: string;
  /** metadata.creationTimestamp, which is in whole seconds. */
  readonly createdAt: string;
  /** What both name, for example "Deployment web". */
  readonly shares: readonly string[];
  /** It has made revisions, so that its pods may serve. */
  readonly holds: boolean;
}

/** Another Deployment with pods that are not told apart from the target's: by the Service, or by the Deployments. */
export interface OverlapFacts {
  readonly deployment: string;
  readonly by: 'Service' | 'Deployment';
}

/** Everything that a plan may know, read at one moment. */
export interface RolloutWorld {
  readonly target?: TargetFacts;
  readonly service?: ServiceFacts;
  readonly canaryService?: CanaryServiceFacts;
  readonly route?: RouteState;
  readonly revisions: readonly RevisionFacts[];
  /** Deployments of a name that a revision of the target would have, but not ours. */
  readonly takenNames: readonly string[];
  readonly rivals: readonly RivalFacts[];
  readonly overlaps: readonly OverlapFacts[];
  /** Specs of the AnalysisTemplates that the Canary names, by name; a missing one is absent. */
  readonly templates: Readonly<Record<string, AnalysisTemplateSpec>>;
  /** What the metrics providers answered last. */
  readonly results: readonly QueryResult[];
  /** Since when the cluster has been seen without a break, in ms; absent: always. */
  readonly seenSinceMs?: number;
  /** Since when everybody else has, too, routers above all: after a break in the future. Absent: as seenSinceMs. */
  readonly heardSinceMs?: number;
}

/** One write. Each names the state that it brings about, so that doing it twice is doing it once. */
export type Action =
  | {
      readonly kind: 'createRevision';
      readonly revision: string;
      readonly deployment: string;
      readonly replicas: number;
      /** What it gets copies of; absent: nothing. */
      readonly config?: readonly TrackedConfig[];
    }
  | {
      readonly kind: 'copyConfig';
      readonly config: ConfigKind;
      readonly name: string;
      readonly copy: string;
      /** The Deployment that it is collected with, and its revision. */
      readonly deployment: string;
      readonly revision: string;
      /** Fingerprint of what is copied. */
      readonly content: string;
    }
  | { readonly kind: 'scaleRevision'; readonly deployment: string; readonly replicas: number }
  | { readonly kind: 'deleteRevision'; readonly deployment: string; readonly uid: string }
  | { readonly kind: 'drainPod'; readonly pod: string; readonly uid: string }
  | { readonly kind: 'returnPod'; readonly pod: string; readonly uid: string }
  | { readonly kind: 'scaleTarget'; readonly replicas: number }
  | { readonly kind: 'setReplicas'; readonly replicas: number }
  | { readonly kind: 'pinService'; readonly pin: Pin }
  | { readonly kind: 'pinCanaryService'; readonly revision: string }
  | { readonly kind: 'setWeight'; readonly weight: number; readonly matched?: boolean }
  | { readonly kind: 'restRoute' }
  | { readonly kind: 'removeCanaryService' };

export interface PlannedEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  readonly message: string;
}

/** A condition as the plan wants it; generation and transition time are added where it is stored. */
export interface PlannedCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

export interface CheckBounds {
  readonly check: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The outcome of a plan: what to write, what to say, and when to look again if nothing happens before. */
export interface RolloutPlan {
  readonly actions: readonly Action[];
  readonly status: RolloutStatus;
  readonly conditions: readonly PlannedCondition[];
  readonly events: readonly PlannedEvent[];
  /** What the metrics providers shall be asked from now on. */
  readonly queries: readonly CheckQuery[];
  /** The lines of the checks that are judged now, for dashboards. */
  readonly bounds: readonly CheckBounds[];
  /** Milliseconds until something is due by itself; undefined: only a change matters. */
  readonly afterMs?: number;
}
