{{/* What all pods have: root, service, configMap (its name), serviceAccount. */}}
{{- define "omnicapi.pod" -}}
serviceAccountName: {{ .serviceAccount }}
automountServiceAccountToken: false # nothing here asks Kubernetes for anything
enableServiceLinks: false # a Service must not set OMNICAPI_*, which would override the configuration
securityContext:
  runAsNonRoot: true
  {{- with .root.Values.user }}
  runAsUser: {{ . }}
  runAsGroup: {{ . }}
  fsGroup: {{ . }}
  {{- end }}
  seccompProfile: {type: RuntimeDefault}
volumes:
  - {{- include "omnicapi.volume" . | nindent 4 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .root.Values.pod }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* What all containers have: root, service, image (the name of its repository). */}}
{{- define "omnicapi.container" -}}
name: {{ .service }}
image: {{ include "omnicapi.image" . | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env:
  - name: GOMEMLIMIT
    valueFrom: {resourceFieldRef: {resource: limits.memory}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml (get .root.Values .service).resources | nindent 2 }}
volumeMounts:
  - {name: omnicapi, mountPath: /etc/omnicapi, readOnly: true}
{{- end }}
