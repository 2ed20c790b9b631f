// SPDX-License-Identifier: Apache-2.0
// The one place that says who may do what. deploy/rbac.yaml and the roles of the chart are made from it.
import type { RouterName } from '../../operator/api/traffic.ts';

export interface RbacRule {
  /** Why it is needed: a comment in every file that has the rule. */
  readonly why?: string;
  /** '' is the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Needed only where this router is served; absent: always. */
  readonly router?: RouterName;
  /** Not needed where this router is served too, whose rule says more. */
  readonly unless?: RouterName;
}

const READ = ['get', 'list', 'watch'] as const;
/** Of what is never read by its name. */
const FOLLOW = ['list', 'watch'] as const;

/** What the operator needs in every namespace that it serves. */
export const operatorRules: readonly RbacRule[] = [
  {
    why: "The user's Deployment is read and scaled to 0; the revision Deployments are made, scaled and deleted. Server-side apply of a new object needs create beside patch.",
    group: 'apps',
    resources: ['deployments'],
    verbs: [...READ, 'create', 'patch', 'delete'],
  },
  {
    why: "The user's Service gets its selector pinned by JSON Patch; the Service <name>-canary is made and deleted.",
    group: '',
    resources: ['services'],
    verbs: [...READ, 'create', 'patch', 'delete'],
  },
  {
    why: 'Weight moves only to pods that are ready behind the Service.',
    group: 'discovery.k8s.io',
    resources: ['endpointslices'],
    verbs: ['list', 'watch'],
  },
  {
    why: 'Which revision an endpoint belongs to, and what its pods complain about. Only pods of revisions are watched. A pod is taken out of its Services before it ends: patch is for the label headway.dev/serving and for two annotations.',
    group: '',
    resources: ['pods'],
    verbs: ['list', 'watch', 'patch'],
  },
  {
    why: 'The Job of a check is made from the template of a CronJob, which is read by name. It goes with its owner, the Canary; those that a newer one of the same check has made useless are deleted before.',
    group: 'batch',
    resources: ['cronjobs'],
    verbs: ['get'],
  },
  { group: 'batch', resources: ['jobs'], verbs: ['get', 'list', 'create', 'delete'] },
  {
    why: "The last lines of a Job's pod that has failed, for the verdict sentence. Without this it says that it cannot read them.",
    group: '',
    resources: ['pods/log'],
    verbs: ['get'],
  },
  {
    why: "When a Canary is deleted: which pods are the user's Deployment's own.",
    group: 'apps',
    resources: ['replicasets'],
    verbs: ['list'],
  },
  {
    why: "The user's Ingress is read; the Ingress <name>-canary that carries the weight is made and deleted. Behind an ALB the annotation of the action is patched, and patched back.",
    group: 'networking.k8s.io',
    resources: ['ingresses'],
    verbs: [...READ, 'create', 'patch', 'delete'],
    router: 'ingress',
  },
  {
    why: "Behind an ALB the annotation of the action of the user's Ingress is patched, and patched back.",
    group: 'networking.k8s.io',
    resources: ['ingresses'],
    verbs: [...READ, 'patch'],
    router: 'alb',
    unless: 'ingress',
  },
  {
    why: "The user's routes get weights by JSON Patch, and lose them again; an HTTPRoute from a template is made by server-side apply and goes with its owner, the Canary. Where the Gateway API is not installed these say nothing.",
    group: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: [...READ, 'create', 'patch'],
    router: 'gateway',
  },
  {
    group: 'gateway.networking.k8s.io',
    resources: ['grpcroutes'],
    verbs: [...READ, 'patch'],
    router: 'gateway',
  },
  {
    why: "The same for TraefikServices. Where Traefik's CRDs are not installed this says nothing.",
    group: 'traefik.io',
    resources: ['traefikservices'],
    verbs: [...READ, 'patch'],
    router: 'traefik',
  },
  {
    why: "The same for VirtualServices; the DestinationRules <name>-canary are made, changed and deleted, and none is read by its name. Where Istio's CRDs are not installed these say nothing.",
    group: 'networking.istio.io',
    resources: ['virtualservices'],
    verbs: [...READ, 'patch'],
    router: 'istio',
  },
  {
    group: 'networking.istio.io',
    resources: ['destinationrules'],
    verbs: [...FOLLOW, 'create', 'patch', 'delete'],
    router: 'istio',
  },
  {
    why: 'That a ConfigMap is there, and which version of it, by its metadata alone; those that a pod template names are read and copied for each revision. Copies never change, and are collected with their revision.',
    group: '',
    resources: ['configmaps'],
    verbs: [...READ, 'create'],
  },
  {
    why: 'A Canary is read; patch is for its finalizer, and for spec.replicas where there is no number yet.',
    group: 'headway.dev',
    resources: ['canaries', 'bluegreens'],
    verbs: [...READ, 'patch'],
  },
  {
    why: 'Status is written by server-side apply, which is a patch; it is read with the Canary.',
    group: 'headway.dev',
    resources: ['canaries/status', 'bluegreens/status'],
    verbs: ['patch'],
  },
  {
    why: 'The owner references of revisions block the deletion of the Canary; clusters that enforce the permission for that (OwnerReferencesPermissionEnforcement) ask for this one.',
    group: 'headway.dev',
    resources: ['canaries/finalizers', 'bluegreens/finalizers'],
    verbs: ['update'],
  },
  {
    why: 'Checks; tenants write them.',
    group: 'headway.dev',
    resources: ['analysistemplates'],
    verbs: FOLLOW,
  },
  {
    why: 'One event for each transition; a repeated one is patched into a series.',
    group: 'events.k8s.io',
    resources: ['events'],
    verbs: ['create', 'patch'],
  },
];

/** What the operator needs of the cluster even where it serves only some namespaces. */
export const clusterRules: readonly RbacRule[] = [
  {
    why: 'Where metrics are; administrators write it. The kind is cluster-scoped, so no Role can grant it.',
    group: 'headway.dev',
    resources: ['metricsproviders'],
    verbs: FOLLOW,
  },
];

/** What the operator needs in a namespace whose Secrets are kept with revisions. */
export const configSecretsRules: readonly RbacRule[] = [
  { group: '', resources: ['secrets'], verbs: ['get', 'create'] },
];

/** What the operator needs in the namespace of its Lease. */
export const leaderElectionRules: readonly RbacRule[] = [
  { group: 'coordination.k8s.io', resources: ['leases'], verbs: ['get', 'create', 'update'] },
];

export const viewRules: readonly RbacRule[] = [
  {
    group: 'headway.dev',
    resources: [
      ...['canaries', 'bluegreens'].flatMap((kind) => [kind, `${kind}/status`, `${kind}/scale`]),
      'analysistemplates',
    ],
    verbs: READ,
  },
];

export const editRules: readonly RbacRule[] = [
  {
    group: 'headway.dev',
    resources: ['canaries', 'bluegreens', 'analysistemplates'],
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  },
  {
    why: 'kubectl scale and autoscalers.',
    group: 'headway.dev',
    resources: ['canaries/scale', 'bluegreens/scale'],
    verbs: ['update', 'patch'],
  },
];

/** Why each role is what it is: comments of the objects in every file that has them. */
export const roleNotes = {
  configSecrets:
    'Bound to nobody. Where Canaries keep Secrets with their revisions (spec.config.secrets: Versioned), the owners of the namespace bind it to the operator by a RoleBinding in that namespace. Secrets are read by name, never listed or watched.',
  leaderElection:
    "Leader election, in the operator's own namespace only. A PUT with resourceVersion takes and renews the Lease.",
  view: 'Who may view a namespace sees its Canaries and templates too.',
  edit: "Who may edit a namespace may write them; not their status, which is the operator's, and no MetricsProvider: that is cluster-scoped and decides which addresses the operator calls.",
} as const;
