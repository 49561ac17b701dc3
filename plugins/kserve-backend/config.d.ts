// SPDX-License-Identifier: Apache-2.0
export interface Config {
  kserve?: {
    access?: {
      /**
       * What happens to inference services that do not say whose they are (labels
       * `backstage.io/kubernetes-id` and `app.kubernetes.io/part-of`, annotation
       * `greenroom.dev/component`). `allow`: whoever may see an entity that names
       * them reads them, and the auditor is told. `deny`: nobody does. Default:
       * `allow`.
       * @visibility backend
       */
      unmarked?: 'allow' | 'deny';
    };
    limits?: {
      /**
       * Objects kept in memory for each cluster. Default: 50000.
       * @visibility backend
       */
      objectsPerCluster?: number;
      /**
       * Events kept for each inference service, the newest. Default: 50.
       * @visibility backend
       */
      eventsPerService?: number;
      /**
       * Largest body that is sent to a model. Default: 1048576.
       * @visibility backend
       */
      requestBytes?: number;
      /**
       * Where a model's answer is cut. Default: 2097152.
       * @visibility backend
       */
      answerBytes?: number;
      /**
       * How long a model has for its answer. Default: 30.
       * @visibility backend
       */
      predictSeconds?: number;
      /**
       * Where a log is cut. Default: 5242880.
       * @visibility backend
       */
      logBytes?: number;
      /**
       * How long a log is followed. Default: 600.
       * @visibility backend
       */
      logSeconds?: number;
      /**
       * After so long without a word from a cluster it is asked for a sign of life;
       * what is shown of it counts as old where none comes within 3 seconds.
       * Default: 10.
       * @visibility backend
       */
      silenceSeconds?: number;
    };
    gateways?: Array<{
      /**
       * Name of the cluster in `kubernetes:`.
       * @visibility backend
       */
      cluster: string;
      /**
       * Address of the metrics of its Traefik (with `addServicesLabels`), by which is
       * said what traffic was observed.
       * @visibility backend
       */
      metricsUrl: string;
    }>;
    localBuild?: {
      /**
       * File in which the local platform says how far the cluster is that it builds;
       * `npm start` sets it.
       * @visibility backend
       */
      file: string;
    };
  };
}
