// SPDX-License-Identifier: Apache-2.0
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { kubernetesRequest, requireOk } from '../apply/kubernetesRequest';
import {
  ARGOCD_NAMESPACE,
  ManifestsRepository,
  cloneUrl,
} from './laptopManifests';

/** What is watched, and who may tell Argo CD. */
export interface RepositoryWatchOptions {
  repository: ManifestsRepository;
  /** Argo CD's own identity: no other writes to the cluster. */
  kubeConfig: KubeConfig;
  /** How often to ask for the branch's commit; 1.5 s if not given. */
  everyMs?: number;
  /** Hears once of each new kind of failure. */
  onProblem?: (message: string) => void;
}

const refSchema = z.object({ object: z.object({ sha: z.string() }) });
const namesSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});
const applicationsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        source: z.object({ repoURL: z.string() }).optional(),
      }),
    }),
  ),
});

const BASE = `/apis/argoproj.io/v1alpha1/namespaces/${ARGOCD_NAMESPACE}`;

/**
 * Tells Argo CD of each new commit of a repository, as a webhook does where Argo CD's API server runs: by the annotations that
 * ask for a refresh. A repository that is not there yet is waited for.
 */
export class RepositoryWatch {
  readonly #options: RepositoryWatchOptions;
  readonly #abort = new AbortController();
  #commit: string | undefined;
  #problem = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RepositoryWatchOptions) {
    this.#options = options;
  }

  /** Begins to watch; the commit that is there now is told, too. */
  start(): void {
    const step = async () => {
      try {
        await this.#look();
        this.#problem = '';
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (problem !== this.#problem && !this.#abort.signal.aborted) {
          this.#problem = problem;
          this.#options.onProblem?.(problem);
        }
      }
      if (!this.#abort.signal.aborted) {
        this.#timer = setTimeout(step, this.#options.everyMs ?? 1500);
      }
    };
    step();
  }

  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const commit = await this.#readCommit();
    if (commit && commit !== this.#commit) {
      await this.refresh();
      this.#commit = commit;
    }
  }

  async #readCommit(): Promise<string | undefined> {
    const { url, apiUrl, token } = this.#options.repository;
    const response = await fetch(
      `${apiUrl}/repos${new URL(url).pathname}/git/ref/heads/main`,
      {
        headers: token ? { authorization: `token ${token}` } : {},
        signal: AbortSignal.any([
          this.#abort.signal,
          AbortSignal.timeout(10_000),
        ]),
      },
    );
    if (response.status === 404 || response.status === 409) {
      return undefined;
    }
    if (!response.ok) {
      throw new Error(`${url} answers HTTP ${response.status}`);
    }
    return refSchema.parse(await response.json()).object.sha;
  }

  /** Makes Argo CD look at the repository now: every ApplicationSet, and each Application of this repository. */
  async refresh(): Promise<void> {
    const repoUrl = cloneUrl(this.#options.repository);
    const sets = namesSchema.parse(await this.#get('applicationsets'));
    const applications = applicationsSchema.parse(
      await this.#get('applications'),
    );
    const own = applications.items.filter(
      ({ spec }) => spec.source?.repoURL === repoUrl,
    );
    await Promise.all([
      ...sets.items.map(({ metadata }) =>
        this.#annotate(
          `applicationsets/${metadata.name}`,
          'argocd.argoproj.io/application-set-refresh',
          'true',
        ),
      ),
      ...own.map(({ metadata }) =>
        this.#annotate(
          `applications/${metadata.name}`,
          'argocd.argoproj.io/refresh',
          'normal',
        ),
      ),
    ]);
  }

  #get(kind: string): Promise<unknown> {
    return requireOk(
      `Reading ${kind}`,
      kubernetesRequest(this.#options.kubeConfig, {
        path: `${BASE}/${kind}`,
        signal: this.#abort.signal,
      }),
    );
  }

  async #annotate(name: string, key: string, value: string): Promise<void> {
    const answer = await kubernetesRequest(this.#options.kubeConfig, {
      method: 'PATCH',
      path: `${BASE}/${name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [key]: value } } },
      signal: this.#abort.signal,
    });
    // One that was deleted meanwhile needs no refresh.
    if (answer.status !== 404) {
      await requireOk(`Refreshing ${name}`, Promise.resolve(answer));
    }
  }
}
