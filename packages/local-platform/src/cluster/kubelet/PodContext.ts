// SPDX-License-Identifier: Apache-2.0
import { ImageStore } from '../images/ImageStore';
import { BackoffOptions } from './Backoff';
import { EventRecorder, EventText } from './EventRecorder';
import { KubeClient } from './KubeClient';
import { Pod } from './kubeTypes';
import { MemoryGroups } from './MemoryGroups';
import { MemoryWatch } from './MemoryWatch';
import { PodPlace } from './podFields';
import { PodNetwork } from './PodNetwork';
import { PodObjects } from './PodObjects';
import { PodVolumes } from './PodVolumes';

/** What all pods of a node share. */
export interface NodeContext {
  client: KubeClient;
  images: ImageStore;
  events: EventRecorder;
  network: PodNetwork;
  memory: MemoryWatch;
  /** Where the system limits memory itself; else the watch does. */
  memoryGroups?: MemoryGroups;
  nodeName: string;
  nodeIP: string;
  /** Where containers find the API server. */
  server: URL;
  /** Holds a folder for each pod. */
  podsDir: string;
  restartBackoff: BackoffOptions;
  /** Whether the node goes down: how its containers end then is not their own doing. */
  isStopping: () => boolean;
  log: (message: string) => void;
}

/** What the containers of one pod share. */
export interface PodContext {
  node: NodeContext;
  /** The pod as the API server has it now. */
  pod: () => Pod;
  place: PodPlace;
  objects: PodObjects;
  volumes: PodVolumes;
  /** Holds a folder for each container. */
  dir: string;
  /** Something of a container's status is different. */
  changed: () => void;
  event: (event: EventText) => void;
}
