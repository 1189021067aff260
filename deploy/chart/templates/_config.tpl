{{/* omnicapi.yaml of a service, as YAML: root, service. What is the chart's own is refused, not overridden. */}}
{{- define "omnicapi.config" -}}
{{- $config := deepCopy .root.Values.config -}}
{{- if ne (get $config "strict_secrets" | toString | default "true") "true" -}}
{{- fail "\nconfig.strict_secrets is on in this chart: who may read a secret's file is what it is for" -}}
{{- end -}}
{{- range $service := list "ingest" "normalizer" "forwarder" -}}
{{- range $key := list "listen" "admin" "metrics" -}}
{{- if hasKey (get $config $service | default dict) $key -}}
{{- fail (printf "\nconfig.%s.%s is the chart's own: it has the ports that the probes and services ask" $service $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if dig "ingest" "spool" "dir" "" $config -}}
{{- fail "\nconfig.ingest.spool needs a disk of its own for each ingest, which a Deployment has not: leave it out" -}}
{{- end -}}
{{- if not (dig "kafka" "brokers" list $config) -}}
{{- fail "\nconfig.kafka.brokers is required: this chart brings no Kafka" -}}
{{- end -}}
{{- $_ := set $config "strict_secrets" true -}}
{{- $_ := set $config "kafka" (mergeOverwrite (get $config "kafka" | default dict) (deepCopy (get .root.Values .service).kafka)) -}}
{{- range $service, $port := include "omnicapi.services" . | fromYaml -}}
{{- $own := get $config $service | default dict -}}
{{- $_ := set $own "metrics" (printf ":%v" $port) -}}
{{- if eq $service "ingest" -}}
{{- $_ := set $own "listen" ":8080" -}}
{{- end -}}
{{- $_ := set $config $service $own -}}
{{- end -}}
{{- toYaml $config -}}
{{- end }}

{{/* The files that a service reads, by their paths, secret or file: root, service. pkg/config decides it; e2e compares the two. */}}
{{- define "omnicapi.reads" -}}
{{- $config := include "omnicapi.config" . | fromYaml -}}
{{- $tls := dig "kafka" "tls" dict $config -}}
{{- $files := list $tls.ca_file $tls.cert_file -}}
{{- $secrets := list $tls.key_file (dig "kafka" "sasl" "password_file" "" $config) -}}
{{- if ne .service "topics" -}}
{{- $secrets = concat $secrets (dig "operators" "token_files" list $config) -}}
{{- end -}}
{{- range $source := get $config "sources" | default dict -}}
{{- if eq $.service "ingest" -}}
{{- $secrets = concat $secrets (get $source "secrets" | default list) (list $source.verify_token_file) -}}
{{- else if eq $.service "normalizer" -}}
{{- $secrets = append $secrets $source.token_file -}}
{{- end -}}
{{- if has $.service (list "ingest" "normalizer") -}}
{{- $files = append $files $source.mapping -}}
{{- end -}}
{{- end -}}
{{- if eq .service "ingest" -}}
{{- $tls = dig "ingest" "tls" dict $config -}}
{{- $files = concat $files (list $tls.cert_file $tls.client_ca_file) -}}
{{- $secrets = append $secrets $tls.key_file -}}
{{- else if eq .service "forwarder" -}}
{{- range $dataset := get $config "datasets" | default dict -}}
{{- $secrets = concat $secrets (list $dataset.token_file $dataset.app_secret_file) -}}
{{- end -}}
{{- end -}}
{{- $reads := dict -}}
{{- range compact $files -}}{{- $_ := set $reads . "file" -}}{{- end -}}
{{- range compact $secrets -}}{{- $_ := set $reads . "secret" -}}{{- end -}}
{{- toYaml $reads -}}
{{- end }}

{{/* The ConfigMap's data of a service: omnicapi.yaml, and the files whose text stands in values: root, service. */}}
{{- define "omnicapi.data" -}}
{{- $data := dict "omnicapi.yaml" (include "omnicapi.config" .) -}}
{{- range $path := include "omnicapi.reads" . | fromYaml | keys | sortAlpha -}}
{{- with get $.root.Values.files $path -}}
{{- if hasKey . "text" -}}
{{- $key := $path | replace "/" "_" -}}
{{- if hasKey $data $key -}}
{{- fail (printf "\nfiles.%s: the ConfigMap calls it %s, as it does another: rename one" $path $key) -}}
{{- end -}}
{{- $_ := set $data $key .text -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end }}

{{/* The volume of what a service reads, laid out as config names it: root, service, configMap (its name). */}}
{{- define "omnicapi.volume" -}}
name: omnicapi
projected:
  defaultMode: 0440 # of the files' group, which is the process's; strict_secrets refuses what everybody may read
  sources:
    - configMap:
        name: {{ .configMap }}
        items:
          - {key: omnicapi.yaml, path: omnicapi.yaml}
{{- $reads := include "omnicapi.reads" . | fromYaml }}
{{- range $path, $kind := $reads }}
{{- $file := get $.root.Values.files $path }}
{{- if not $file }}
{{- fail (printf "\nconfig names %s, and files does not say where it lies (paths are relative): files: {%s: {secret: NAME}}" $path $path) }}
{{- end }}
{{- if and (eq $kind "secret") (not (hasKey $file "secret")) }}
{{- fail (printf "\nfiles.%s is a secret, and lies in a Secret alone: {secret: NAME, key: KEY}" $path) }}
{{- end }}
{{- if hasKey $file "text" }}
          - {key: {{ $path | replace "/" "_" | quote }}, path: {{ $path | quote }}}
{{- end }}
{{- end }}
{{- range $path, $kind := $reads }}
{{- $file := get $.root.Values.files $path }}
{{- range $source := list "secret" "configMap" }}
{{- if hasKey $file $source }}
    - {{ $source }}:
        name: {{ get $file $source }}
        items:
          - {key: {{ $file.key | default (base $path) | quote }}, path: {{ $path | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
