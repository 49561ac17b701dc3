// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { ArtifactStore } from './ArtifactStore';
import { CacheStore } from './CacheStore';
import { JobStore } from './JobStore';
import { RunStore } from './RunStore';
import { createRunnerTables } from './schema';
import { SecretBox } from './SecretBox';
import { SettingsStore } from './SettingsStore';
import { WorkflowStore } from './WorkflowStore';

/** All that the runner keeps. */
export class RunnerStore {
  readonly workflows: WorkflowStore;
  readonly runs: RunStore;
  readonly jobs: JobStore;
  readonly artifacts: ArtifactStore;
  readonly caches: CacheStore;
  readonly settings: SettingsStore;
  readonly secretBox: SecretBox;
  readonly workDir: string;

  constructor(db: Database, workDir: string) {
    this.workDir = workDir;
    createRunnerTables(db);
    this.workflows = new WorkflowStore(db);
    this.runs = new RunStore(db);
    this.jobs = new JobStore(db);
    this.artifacts = new ArtifactStore(db, path.join(workDir, 'artifacts'));
    this.caches = new CacheStore(db, path.join(workDir, 'caches'));
    this.settings = new SettingsStore(db);
    this.secretBox = new SecretBox(path.join(workDir, 'secret-box.json'));
  }

  /** Folder of a job's step logs. */
  logDirectory(jobId: number): string {
    return path.join(this.workDir, 'logs', String(jobId));
  }
}
