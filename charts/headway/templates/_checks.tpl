{{- /*
SPDX-License-Identifier: Apache-2.0
What the schema of the values cannot say: values that do not go together. All of them are told at once.
*/}}

{{- define "headway.checks" -}}
{{- $wrong := list -}}
{{- $values := .Values -}}
{{- $operator := $values.operator -}}
{{- if and (eq $values.scope "Namespaced") (not $values.namespaces) -}}
{{- $wrong = append $wrong "scope is Namespaced, but namespaces is empty: name the namespaces that are served, or set scope to Cluster" -}}
{{- end -}}
{{- if and (eq $values.scope "Cluster") $values.namespaces -}}
{{- $wrong = append $wrong (printf "namespaces names %s, but scope is Cluster, which serves all: set scope to Namespaced, or leave namespaces empty" (join ", " $values.namespaces)) -}}
{{- end -}}
{{- if and (gt (int $values.replicas) 1) (not $operator.leaderElection) -}}
{{- $wrong = append $wrong (printf "replicas is %d, but operator.leaderElection is false, so that all of them would write: switch it on, or set replicas to 1" (int $values.replicas)) -}}
{{- end -}}
{{- if and (not $values.serviceAccount.create) (not $values.serviceAccount.name) -}}
{{- $wrong = append $wrong "serviceAccount.create is false, but serviceAccount.name is empty: name the service account that the operator runs as" -}}
{{- end -}}
{{- $grace := int (include "headway.seconds" $operator.shutdownGrace) -}}
{{- if le (int $values.terminationGracePeriodSeconds) $grace -}}
{{- $wrong = append $wrong (printf "terminationGracePeriodSeconds is %d, but operator.shutdownGrace is %s: the pod would be killed in the middle of a write; make it more than %d" (int $values.terminationGracePeriodSeconds) $operator.shutdownGrace $grace) -}}
{{- end -}}
{{- if and $values.rbac.configSecrets.namespaces (not (and $values.rbac.create $values.rbac.configSecrets.create)) -}}
{{- $wrong = append $wrong "rbac.configSecrets.namespaces is given, but the role for it is not made: set rbac.create and rbac.configSecrets.create to true" -}}
{{- end -}}
{{- if eq $values.scope "Namespaced" -}}
{{- range $values.rbac.configSecrets.namespaces -}}
{{- if not (has . $values.namespaces) -}}
{{- $wrong = append $wrong (printf "rbac.configSecrets.namespaces names %s, which is not in namespaces, so that the operator would have no use for its Secrets" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $values.monitoring.serviceMonitor.enabled (eq $operator.metricsAddress "off") -}}
{{- $wrong = append $wrong "monitoring.serviceMonitor.enabled is true, but operator.metricsAddress is off: give it a port, such as \":8080\"" -}}
{{- end -}}
{{- if and $values.networkPolicy.enabled $values.networkPolicy.metricsFrom (eq $operator.metricsAddress $operator.healthAddress) -}}
{{- $wrong = append $wrong (printf "networkPolicy.metricsFrom is given, but metrics are served at the port of health, %s, which everybody may reach: give operator.metricsAddress a port of its own" $operator.metricsAddress) -}}
{{- end -}}
{{- range $value, $kind := dict "serviceMonitor" "ServiceMonitor" "prometheusRule" "PrometheusRule" -}}
{{- $monitor := index $values.monitoring $value -}}
{{- if and $monitor.enabled (eq $monitor.mode "fail") (not ($.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" $kind))) -}}
{{- $wrong = append $wrong (printf "monitoring.%s.enabled is true, but the cluster does not know the kind %s: install the CRDs of the Prometheus Operator first, or set monitoring.%s.mode to skip (without a cluster, helm template needs --api-versions monitoring.coreos.com/v1/%s)" $value $kind $value $kind) -}}
{{- end -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (join "; " $wrong) -}}
{{- end -}}
{{- end }}

{{- /* Whole seconds of a duration such as 1m30s; what is less than a second is dropped. */}}
{{- define "headway.seconds" -}}
{{- $hours := regexFind "[0-9]+h" . | trimSuffix "h" | default "0" | int -}}
{{- $minutes := regexFind "[0-9]+m($|[0-9])" . | regexFind "[0-9]+" | default "0" | int -}}
{{- $seconds := regexFind "[0-9]+s" . | trimSuffix "s" | default "0" | int -}}
{{ add (mul $hours 3600) (mul $minutes 60) $seconds }}
{{- end }}

{{- /* The port of an address such as :8080; nothing where it is off. */}}
{{- define "headway.port" -}}
{{- if ne . "off" }}{{ trimPrefix ":" . }}{{ end -}}
{{- end }}

{{- /* Whether an object of the Prometheus Operator is made: a dict with root, its values and its kind. */}}
{{- define "headway.monitored" -}}
{{- if and .values.enabled (.root.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" .kind)) }}true{{ end -}}
{{- end }}
