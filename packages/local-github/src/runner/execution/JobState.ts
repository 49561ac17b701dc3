// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ForgeContext, ForgeRepository } from '../../forge/types';
import { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import { hashFiles } from '../expressions/hashFiles';
import type { GithubApps } from '../apps/GithubApps';
import type { LocalRegistry } from '../images/LocalRegistry';
import type { ActionsLanguage } from '../language';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { Organizations } from '../store/OrganizationSettings';
import type { RunnerStore } from '../store/RunnerStore';
import type { Annotation, JsonObject, Result } from '../types';
import type {
  JobDefinition,
  WorkflowDefinition,
} from '../workflow/parseWorkflow';
import type { Permissions } from '../workflow/permissions';
import { JobFiles } from './isolation/JobFiles';
import type { Isolation } from './isolation/Isolation';
import type { JobProcesses, Orphan } from './isolation/JobProcesses';
import { Masker } from './Masker';
import { takeFolder, type TakenFolder } from './takeFolder';

/** What the whole runner shares. */
export interface RunnerServices {
  context: ForgeContext;
  store: RunnerStore;
  language: ActionsLanguage;
  /** What jobs share and may write. */
  cacheDir: string;
  uv: string;
  /** A Python of at least 3.10, readable for jobs. */
  python: string;
  /** Where jobs push images to; without it there are none. */
  registry?: LocalRegistry;
  /** GitHub Apps that jobs can act as. */
  apps: GithubApps;
  organizations: Organizations;
  isolation: Isolation;
  /** True once the runner stops: what ends then is concluded by the next start. */
  isStopping(): boolean;
}

/** One job, ready to run. */
export interface JobSpec {
  job: JobRecord;
  run: RunRecord;
  repository: ForgeRepository;
  workflow: WorkflowDefinition;
  definition: JobDefinition;
  permissions: Permissions;
  secrets: Record<string, string>;
  contexts: {
    github: JsonObject;
    inputs: JsonObject;
    vars: JsonObject;
    needs: JsonObject;
    matrix: JsonObject;
    strategy: JsonObject;
  };
  /** `needs.<job>.outputs.<name>` that nobody gave, because a step was skipped by the local platform. */
  unavailable: string[];
}

/** Folders of a job; all below one that goes away with it. */
export interface JobDirectories {
  root: string;
  workspace: string;
  temp: string;
  home: string;
  /** What the job sees as /tmp, where isolation gives it one. */
  tmp: string;
  tools: string;
  commands: string;
}

/** Something to do after the last step: `Post Run actions/checkout@…`. */
export interface PostStep {
  name: string;
  run(step: { log: import('./StepLog').StepLog }): Promise<void>;
}

/** What a job's steps change as they go. */
export class JobState {
  readonly masker = new Masker();
  readonly directories: JobDirectories;
  /** As GitHub's runner gives it to every process of a job. */
  readonly trackingId: string;
  /** `env:` of workflow and job, then what steps wrote to GITHUB_ENV. */
  env: Record<string, string> = {};
  /** What steps wrote to GITHUB_PATH, newest first. */
  path: string[] = [];
  steps: JsonObject = {};
  status: Result = 'success';
  readonly posts: PostStep[] = [];
  readonly summaries: string[] = [];
  readonly #taken = new Map<string, TakenFolder>();
  /** Steps that the local platform skipped, by id, with the reason. */
  readonly skippedSteps = new Map<string, string>();
  token = '';
  #processes: JobProcesses | undefined;
  #files = new JobFiles([]);
  #annotationCount = 0;
  readonly services: RunnerServices;
  readonly spec: JobSpec;
  readonly baseEnv: Record<string, string>;

  constructor(
    services: RunnerServices,
    spec: JobSpec,
    baseEnv: Record<string, string>,
  ) {
    this.services = services;
    this.spec = spec;
    this.baseEnv = baseEnv;
    this.trackingId = `github_${randomUUID()}`;
    const root = path.join(services.store.workDir, 'jobs', String(spec.job.id));
    const { name } = spec.repository;
    this.directories = {
      root,
      workspace: path.join(root, 'work', name, name),
      temp: path.join(root, 'temp'),
      home: path.join(root, 'home'),
      tmp: path.join(root, 'tmp'),
      tools: path.join(root, 'tools'),
      commands: path.join(root, 'commands'),
    };
  }

  /** What runs the job's commands, once it is set up. */
  get processes(): JobProcesses {
    if (!this.#processes) {
      throw new Error('The job has not been set up');
    }
    return this.#processes;
  }

  /** The job's files, as far as it could open them itself. */
  get files(): JobFiles {
    return this.#files;
  }

  async startProcesses(): Promise<void> {
    const { isolation } = this.services;
    this.#files = new JobFiles(isolation.view(this.directories));
    this.#processes = await isolation.start(this.directories);
  }

  /** Ends whatever the job has started and answers what no step was waiting for. */
  async endProcesses(): Promise<Orphan[]> {
    const orphans = await this.#processes?.end();
    this.#processes = undefined;
    return orphans ?? [];
  }

  /** A folder of the cache that no other job has until this one is over; the same one when asked again. */
  async takeFolder(directory: string): Promise<string> {
    const taken = this.#taken.get(directory) ?? (await takeFolder(directory));
    this.#taken.set(directory, taken);
    return taken.directory;
  }

  /** Leaves what the job took to others, once its processes have ended. */
  async releaseFolders(): Promise<void> {
    await Promise.allSettled(
      [...this.#taken.values()].map(({ release }) => release()),
    );
    this.#taken.clear();
  }

  /** Evaluates with the job's contexts as they are now; status functions look at `status()`. */
  evaluator(
    more: { [name: string]: JsonObject } = {},
    status: () => Result = () => this.status,
  ): ExpressionEvaluator {
    const { contexts, secrets } = this.spec;
    return new ExpressionEvaluator(
      this.services.language,
      {
        ...contexts,
        secrets: { ...secrets, GITHUB_TOKEN: this.token },
        env: this.env,
        steps: this.steps,
        job: { status: status() },
        runner: this.runnerContext(),
        ...more,
      },
      {
        success: () => status() === 'success',
        failure: () => status() === 'failure',
        cancelled: () => status() === 'cancelled',
        always: () => true,
        hashFiles: (...patterns) =>
          hashFiles(
            this.directories.workspace,
            patterns.map(String),
            this.files,
          ),
      },
    );
  }

  runnerContext(): JsonObject {
    return {
      name: 'greenroom-runner',
      os: process.platform === 'darwin' ? 'macOS' : 'Linux',
      arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
      temp: this.directories.temp,
      tool_cache: path.join(this.services.cacheDir, 'tools'),
      environment: 'self-hosted',
    };
  }

  /** Keeps an annotation, without secrets; GitHub shows at most 50 of a job. */
  annotate(annotation: Annotation): void {
    this.#annotationCount += 1;
    if (this.#annotationCount <= 50) {
      this.services.store.jobs.annotate(this.spec.job.id, {
        ...annotation,
        message: this.masker.mask(annotation.message),
        title: annotation.title && this.masker.mask(annotation.title),
      });
    }
  }
}
