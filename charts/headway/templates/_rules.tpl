{{- /*
SPDX-License-Identifier: Apache-2.0
Made from scripts/chart/rbac-rules.ts by `make generate`. Do not edit.
*/}}

{{- define "headway.rules.operator" -}}
# The user's Deployment is read and scaled to 0; the revision Deployments are made, scaled and deleted. Server-side
# apply of a new object needs create beside patch.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
# The user's Service gets its selector pinned by JSON Patch; the Service <name>-canary is made and deleted.
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
# Weight moves only to pods that are ready behind the Service.
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
# Which revision an endpoint belongs to, and what its pods complain about. Only pods of revisions are watched. A pod
# is taken out of its Services before it ends: patch is for the label headway.dev/serving and for two annotations.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch]
# The Job of a check is made from the template of a CronJob, which is read by name. It goes with its owner, the
# Canary; those that a newer one of the same check has made useless are deleted before.
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, create, delete]
# The last lines of a Job's pod that has failed, for the verdict sentence. Without this it says that it cannot read
# them.
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
# When a Canary is deleted: which pods are the user's Deployment's own.
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list]
{{- if .Values.traffic.ingress.enabled }}
# The user's Ingress is read; the Ingress <name>-canary that carries the weight is made and deleted. Behind an ALB the
# annotation of the action is patched, and patched back.
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
{{- if and .Values.traffic.alb.enabled (not .Values.traffic.ingress.enabled) }}
# Behind an ALB the annotation of the action of the user's Ingress is patched, and patched back.
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch, patch]
{{- end }}
{{- if .Values.traffic.gateway.enabled }}
# The user's routes get weights by JSON Patch, and lose them again; an HTTPRoute from a template is made by
# server-side apply and goes with its owner, the Canary. Where the Gateway API is not installed these say nothing.
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch]
{{- end }}
{{- if .Values.traffic.gateway.enabled }}
- apiGroups: [gateway.networking.k8s.io]
  resources: [grpcroutes]
  verbs: [get, list, watch, patch]
{{- end }}
{{- if .Values.traffic.traefik.enabled }}
# The same for TraefikServices. Where Traefik's CRDs are not installed this says nothing.
- apiGroups: [traefik.io]
  resources: [traefikservices]
  verbs: [get, list, watch, patch]
{{- end }}
{{- if .Values.traffic.istio.enabled }}
# The same for VirtualServices; the DestinationRules <name>-canary are made, changed and deleted, and none is read by
# its name. Where Istio's CRDs are not installed these say nothing.
- apiGroups: [networking.istio.io]
  resources: [virtualservices]
  verbs: [get, list, watch, patch]
{{- end }}
{{- if .Values.traffic.istio.enabled }}
- apiGroups: [networking.istio.io]
  resources: [destinationrules]
  verbs: [list, watch, create, patch, delete]
{{- end }}
# That a ConfigMap is there, and which version of it, by its metadata alone; those that a pod template names are read
# and copied for each revision. Copies never change, and are collected with their revision.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create]
# A Canary is read; patch is for its finalizer, and for spec.replicas where there is no number yet.
- apiGroups: [headway.dev]
  resources: [canaries, bluegreens]
  verbs: [get, list, watch, patch]
# Status is written by server-side apply, which is a patch; it is read with the Canary.
- apiGroups: [headway.dev]
  resources: [canaries/status, bluegreens/status]
  verbs: [patch]
# The owner references of revisions block the deletion of the Canary; clusters that enforce the permission for that
# (OwnerReferencesPermissionEnforcement) ask for this one.
- apiGroups: [headway.dev]
  resources: [canaries/finalizers, bluegreens/finalizers]
  verbs: [update]
# Checks; tenants write them.
- apiGroups: [headway.dev]
  resources: [analysistemplates]
  verbs: [list, watch]
# One event for each transition; a repeated one is patched into a series.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{- define "headway.rules.cluster" -}}
# Where metrics are; administrators write it. The kind is cluster-scoped, so no Role can grant it.
- apiGroups: [headway.dev]
  resources: [metricsproviders]
  verbs: [list, watch]
{{- end }}

{{- define "headway.rules.configSecrets" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create]
{{- end }}

{{- define "headway.rules.leaderElection" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, create, update]
{{- end }}

{{- define "headway.rules.view" -}}
- apiGroups: [headway.dev]
  resources: [canaries, canaries/status, canaries/scale, bluegreens, bluegreens/status, bluegreens/scale, analysistemplates]
  verbs: [get, list, watch]
{{- end }}

{{- define "headway.rules.edit" -}}
- apiGroups: [headway.dev]
  resources: [canaries, bluegreens, analysistemplates]
  verbs: [create, update, patch, delete, deletecollection]
# kubectl scale and autoscalers.
- apiGroups: [headway.dev]
  resources: [canaries/scale, bluegreens/scale]
  verbs: [update, patch]
{{- end }}
