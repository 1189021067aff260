{{/* The processes of the pipeline, in the order of the path, and their ports for scraping. */}}
{{- define "omnicapi.services" -}}
{ingest: 9180, normalizer: 9181, forwarder: 9182}
{{- end }}

{{- define "omnicapi.name" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- end -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* What selects the pods of a service: root, service. */}}
{{- define "omnicapi.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "omnicapi.labels" -}}
{{ include "omnicapi.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The image of a service: root, service, image (the name of its repository). */}}
{{- define "omnicapi.image" -}}
{{- $own := get .root.Values .service -}}
{{- if $own.image -}}
{{- $own.image -}}
{{- else -}}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{- if eq $tag "unreleased" -}}
{{- fail "\nimage.tag is required: this chart is of no release. make images builds the images" -}}
{{- end -}}
{{- printf "%s/%s:%s" .root.Values.image.repository .image $tag -}}
{{- end -}}
{{- end }}
