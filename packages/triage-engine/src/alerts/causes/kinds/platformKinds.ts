// SPDX-License-Identifier: Apache-2.0
import { isAboutScaling } from '../helpers';
import type { LineKind } from '../types';

/** Images, nodes, volumes and what Kubernetes says of them. */
export const PLATFORM_KINDS: LineKind[] = [
  {
    id: 'image-rate-limit',
    type: 'image-pull',
    pattern:
      /toomanyrequests: (?<what>[^\n]{1,120})|pull QPS exceeded|You have reached your (?:unauthenticated )?pull rate limit/,
    say: 'The registry limits pulls (pull rate limit, toomanyrequests), so that the image cannot be pulled on new nodes',
    steps: [
      'Pull through a cache or mirror, or with credentials (imagePullSecrets); keep the image on the nodes.',
    ],
    weight: 7.5,
  },
  {
    id: 'image-missing',
    type: 'image-pull',
    pattern:
      /(?:Failed to pull image|rpc error)[^\n]{0,200}(?:manifest unknown|not found|does not exist)|manifest for \S{1,200} not found|no match for platform in manifest/,
    say: 'The image or its tag does not exist in the registry (typo, deleted or never pushed), so that it cannot be pulled',
    steps: [
      'Push the tag, or correct the image name and tag; roll back to the previous image.',
    ],
    weight: 7,
  },
  {
    id: 'image-denied',
    type: 'image-pull',
    pattern:
      /(?:Failed to pull image|pulling image|rpc error|authorize|Unable to fetch image|resolve image to digest)[^\n]{0,240}(?:pull access denied|unauthorized|no basic auth credentials|authentication required|403 Forbidden|401 Unauthorized|insufficient_scope|authorization failed)/,
    say: 'The registry refuses the pull: the image pull secret is missing, expired or has no access to this repository',
    steps: [
      'Renew the imagePullSecret (or the node role) and link it to the service account of the pod.',
    ],
    weight: 7,
  },
  {
    id: 'image-slow',
    type: 'image-pull',
    pattern:
      /Failed to pull image[^\n]{0,240}(?:i\/o timeout|TLS handshake timeout|context deadline exceeded|EOF|connection reset)/,
    say: 'The image cannot be pulled in time: the registry is slow or cannot be reached from the node',
    steps: [
      'Check the way from the node to the registry; use a mirror or a smaller image.',
    ],
    weight: 6,
  },
  {
    id: 'exec-format',
    type: 'configuration',
    pattern:
      /exec format error|executable file not found in \$PATH|exec: "(?<what>[^"\n]{1,80})": (?:stat|executable|permission)|no such file or directory: unknown|RunContainerError|StartError/,
    say: 'The container cannot run its command: built for another CPU architecture (exec format error), or the entry point {what} is not in the image',
    steps: [
      'Build the image for the architecture of the nodes (arm64/amd64, multi-arch) or correct command and entry point.',
    ],
    weight: 7,
  },
  {
    id: 'multi-attach',
    type: 'infrastructure',
    pattern:
      /Multi-Attach error for volume "(?<what>[\w.-]{1,100})"|already (?:used by|exclusively attached to) (?:pod|one node)|ReadWriteOnce[^\n]{0,60}(?:in use|attached)/,
    say: 'The volume {what} is still attached to another node (Multi-Attach, ReadWriteOnce), so that the new pod cannot mount it and waits',
    steps: [
      'Use the strategy Recreate for a ReadWriteOnce volume or a ReadWriteMany volume; delete the old pod or the stale VolumeAttachment.',
    ],
    weight: 7.5,
  },
  {
    id: 'volume-zone',
    type: 'scheduling',
    pattern:
      /volume node affinity conflict|had no available volume zone|didn't find available persistent volumes|unbound immediate PersistentVolumeClaims/,
    say: 'The volume of the pod is bound to a zone or node where it cannot be scheduled (volume node affinity conflict), or its claim is not bound',
    steps: [
      'Add a node in the zone of the volume, or recreate the volume with WaitForFirstConsumer.',
    ],
    weight: 6.5,
  },
  {
    id: 'attachment-limit',
    type: 'infrastructure',
    pattern:
      /expected device to be attached but was attaching|exceed max volume count|AttachmentLimitExceeded|[Mm]aximum number of (?:volumes|disks|attachments)|attachment limit/,
    say: 'The node has no free slot to attach another volume: the limit of attachments of the instance is reached (volumes, the root disk and, on Nitro instances, network interfaces share it), so that the volume stays in attaching',
    steps: [
      'Move pods with volumes to another node, and tell the CSI driver a lower limit (--volume-attach-limit, or --reserved-volume-attachments for interfaces and the root disk).',
    ],
    weight: 6.5,
  },
  {
    id: 'volume-ownership',
    type: 'infrastructure',
    pattern:
      /[Ss]etting volume ownership (?:for|could be)|volume ownership could be slow|VolumePermissionChangeInProgress/,
    say: 'The pod has an fsGroup, and the kubelet changes owner and permissions (chown) of every file of the volume before the container may start: with many files the mount times out again and again',
    steps: [
      'Set securityContext.fsGroupChangePolicy: OnRootMismatch, so that only a volume of another owner is changed, or take fsGroup away; set the ownership once by hand.',
    ],
    weight: 8,
  },
  {
    id: 'mount-timed-out',
    type: 'infrastructure',
    pattern:
      /(?:FailedMount|Unable to attach or mount volumes)[^\n]{0,300}timed out waiting for the condition/,
    say: 'A volume of the pod is not mounted in time; the event does not say why',
    steps: [
      'Look at the log of the kubelet and of the CSI driver on the node for this volume.',
    ],
    weight: 3.5,
  },
  {
    id: 'mount-failed',
    type: 'infrastructure',
    pattern:
      /(?:MountVolume|FailedMount|AttachVolume|Unable to attach or mount volumes)(?![^\n]{0,300}(?:secret|configmap) \"[^\n]{0,200}not found)|Stale (?:NFS )?file handle|Transport endpoint is not connected|Input\/output error|mount failed: exit status/,
    say: 'A volume of the pod cannot be mounted or does not answer any more',
    steps: [
      'Look at the storage behind the volume (CSI driver, NFS server, attachment) and remount; move the pod to another node.',
    ],
    weight: 4.5,
  },
  {
    id: 'node-lost',
    type: 'infrastructure',
    pattern:
      /NodeNotReady|Node \S{1,80} status is now: NodeNotReady|[Kk]ubelet stopped posting node status|node\.kubernetes\.io\/(?:not-ready|unreachable)|Node is (?:shutting down|not ready)|NodeShutdown|Deleting node \S{1,80} because it does not exist|PLEG is not healthy|has been marked dead/,
    say: 'A node is lost (NotReady, kubelet stopped posting status or it was shut down), and its pods with it',
    steps: [
      'Look at the node (kubelet, memory, disk, network, cloud events); cordon and replace it, and spread the replicas over nodes.',
    ],
    weight: 6,
  },
  {
    id: 'spot-interruption',
    type: 'infrastructure',
    pattern:
      /[Ss]pot ?[Ii]nterruption\w{0,10}|[Rr]ebalance ?[Rr]ecommendation|[Pp]reemptible (?:instance|VM|node)|PreemptScheduled|instance (?:was )?(?:preempted|terminated|reclaimed)|compute\.instances\.preempted|TerminationNotice/,
    say: 'The cloud took a spot (preemptible) node back, and the pods on it ended with it',
    steps: [
      'Run the service on on-demand nodes, or with enough replicas spread over nodes (PodDisruptionBudget, topology spread) and a handler for the notice.',
    ],
    weight: 7,
  },
  {
    id: 'node-consolidated',
    type: 'infrastructure',
    pattern:
      /deleting pod (?:for|from) node(?: scale ?down|) ?[^\n]{0,40}|ScaleDown(?!Empty)(?![^\n]{0,80}removing empty node)|marked the node as toBeDeleted|DisruptionTerminating|Disrupting Node[^\n]{0,100}|(?:consolidat|underutilized|drift)\w{0,6}[^\n]{0,40}(?:node|Node)|TaintManagerEviction|[Dd]rain(?:ing|ed)? node/,
    say: 'The cluster autoscaler removed (drained, consolidated) the node, and evicted the pods on it',
    steps: [
      'Protect the pods with a PodDisruptionBudget or safe-to-evict: false / do-not-disrupt, and with more than one replica.',
    ],
    weight: 5,
  },
  {
    id: 'hook-failed',
    type: 'configuration',
    pattern:
      /FailedPostStartHook|PostStartHookError|FailedPreStopHook|Exec lifecycle hook[^\n]{0,200}failed|Init:(?:Error|CrashLoopBackOff)/,
    say: 'A lifecycle hook or init container of the pod fails, and Kubernetes ends the container for it',
    steps: ['Read what the hook or init container printed, and mend it.'],
    weight: 5,
  },
  {
    id: 'hpa-metrics',
    type: 'scaling',
    pattern:
      /FailedGetResourceMetric|FailedComputeMetricsReplicas|unable to (?:get|fetch) metrics|invalid metrics \(\d|missing request for (?:cpu|memory)|FailedGetExternalMetric|the HPA was unable to compute the replica count/,
    say: 'The autoscaler (HPA) gets no metrics from the metrics API and therefore does not scale, while the load rises',
    also: /Failed to scrape node|[Uu]nable to fully scrape metrics|scraper\.go[^\n]{0,200}(?:x509|refused|timeout)/,
    steps: [
      'Restore metrics-server or the metrics adapter, and set requests on every container so that utilisation can be computed; scale by hand until then.',
    ],
    weight: 5,
    appliesTo: isAboutScaling,
  },
  {
    id: 'job-failed',
    type: 'errors',
    pattern:
      /BackoffLimitExceeded|Job has reached the specified backoff limit|DeadlineExceeded.{0,40}Job/,
    say: 'The job failed as often as it may',
    steps: ['Read the log of its last pod.'],
    weight: 2.5,
  },
];
