{{- /*
SPDX-License-Identifier: Apache-2.0
*/}}

{{- /* The command line: every option of `operator` that says something, under the name of its flag. */}}
{{- define "headway.arguments" -}}
{{- $own := dict
  "leaderElectionName" (.Values.operator.leaderElectionName | default (include "headway.fullname" .))
  "leaderElectionNamespace" (include "headway.namedLeaseNamespace" .)
  "namespaces" (join "," .Values.namespaces)
  "routers" (include "headway.routers" .)
-}}
{{- range $option, $value := merge $own .Values.operator -}}
{{- if ne (toString $value) "" }}
- {{ printf "--%s=%v" (kebabcase $option) $value | quote }}
{{- end }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{- /*
Only where the operator would not find it: its own default is the namespace of its pod, which holds wherever somebody moves
the manifests to, as `namespace:` of a kustomization does.
*/}}
{{- define "headway.namedLeaseNamespace" -}}
{{- if .Values.operator.kubeconfig }}{{ include "headway.leaseNamespace" . }}{{ else }}{{ .Values.operator.leaderElectionNamespace }}{{ end -}}
{{- end }}

{{- define "headway.leaseNamespace" -}}
{{ .Values.operator.leaderElectionNamespace | default .Release.Namespace }}
{{- end }}

{{- define "headway.routers" -}}
{{- $served := list -}}
{{- range $router, $settings := .Values.traffic -}}
{{- if $settings.enabled }}{{ $served = append $served $router }}{{ end -}}
{{- end -}}
{{ join "," $served | default "none" }}
{{- end }}

{{- define "headway.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}
