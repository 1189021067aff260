// Package chart tests deploy/chart: what helm makes of values is decoded strictly as Kubernetes' own types, checked, and the real
// processes are started with it, their files laid out as the kubelet does. It is a module of its own, outside go.work: nobody else
// needs Kubernetes' types. .ci/run chart builds helm and runs it. Nothing imports it.
package chart
