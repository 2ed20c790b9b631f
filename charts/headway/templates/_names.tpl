{{- /*
SPDX-License-Identifier: Apache-2.0
*/}}

{{- define "headway.name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* Names of objects end at 50 characters, so that what is put behind them still is a name. */}}
{{- define "headway.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "headway.name" .) .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name (include "headway.name" .) | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- /* Of what belongs to no namespace: there may be a namespaced operator of the same name in every namespace. */}}
{{- define "headway.clusterName" -}}
{{- if eq .Values.scope "Namespaced" -}}
{{ printf "%s-%s" (include "headway.fullname" .) .Release.Namespace }}
{{- else -}}
{{ include "headway.fullname" . }}
{{- end -}}
{{- end }}

{{- define "headway.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "headway.fullname" .) }}
{{- end }}

{{- /* What pods are chosen by: it never changes in the life of a release. */}}
{{- define "headway.selector" -}}
app.kubernetes.io/name: {{ include "headway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "headway.labels" -}}
{{ include "headway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: headway
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* Those of a release with those of its values; a dict with root and labels. What pods are chosen by stays. */}}
{{- define "headway.allLabels" -}}
{{ merge (include "headway.labels" .root | fromYaml) (.labels | default dict) .root.Values.labels | toYaml }}
{{- end }}

{{- /* Metadata of every object: a dict with root, name, and where they are wanted namespace, labels and annotations. */}}
{{- define "headway.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "headway.allLabels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
