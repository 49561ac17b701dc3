// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import {
  ApiServerError,
  type ApiServerRequest,
  type KserveCluster,
} from '@greenroom/plugin-kserve-node';
import { RetryLaterError } from '@greenroom/plugin-triage-node';
import { z } from 'zod';

const MAX_ITEMS = 200;

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
const listSchema = z.object({ items: z.array(objectSchema) });

/** An object and the cluster that has it. */
export interface FoundObject {
  cluster: KserveCluster;
  object: z.infer<typeof objectSchema>;
}

/** Where to look on an API server. */
export interface ObjectPlace {
  /** As in a path, `serving.kserve.io/v1beta1`. */
  apiVersion: string;
  kind: string;
  /** All where it is absent. */
  namespace?: string;
  /** One of that name. */
  name?: string;
  labelSelector?: string;
}

/** Reads objects of clusters with the portal's rights. */
export class ClusterReader {
  readonly #signal: AbortSignal;
  /** Why some of it may not be read, for people. */
  readonly refusals: string[] = [];

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * What the clusters have there; one that does not have the kind has none.
   *
   * @throws RetryLaterError where one does not answer
   */
  async find(
    clusters: readonly KserveCluster[],
    { apiVersion, kind, labelSelector, name, namespace }: ObjectPlace,
  ): Promise<FoundObject[]> {
    const scope = namespace ? `/namespaces/${namespace}` : '';
    const list = `/apis/${apiVersion}${scope}/${kind.toLowerCase()}s`;
    // Of one that is named with its namespace, `get` is right enough.
    const isOne = namespace !== undefined && name !== undefined;
    const request = isOne
      ? { path: `${list}/${name}` }
      : {
          path: list,
          query: {
            ...(name && { fieldSelector: `metadata.name=${name}` }),
            labelSelector,
            limit: MAX_ITEMS,
          },
        };
    const found: FoundObject[] = [];
    for (const cluster of clusters) {
      const json = await this.#ask(cluster, request);
      const { data } = listSchema.safeParse(
        isOne || !json ? { items: json ? [json] : [] } : json,
      );
      if (!data) {
        this.refusals.push(
          `${kind}s of cluster '${cluster.name}' are in no known form`,
        );
      }
      found.push(
        ...(data?.items ?? []).map(object => ({
          cluster,
          // Items of a list do not name their kind.
          object: { ...object, apiVersion, kind },
        })),
      );
    }
    return found;
  }

  async #ask({ server }: KserveCluster, request: ApiServerRequest) {
    try {
      return await server.getJson({ ...request, signal: this.#signal });
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof ApiServerError) || error.isRetryable) {
        const cause = toError(error);
        throw new RetryLaterError(
          `Whether a rollout is under way is not known: ${cause.message}`,
          { cause },
        );
      }
      if (error.status !== 404) {
        this.refusals.push(error.message);
      }
      return undefined;
    }
  }
}
