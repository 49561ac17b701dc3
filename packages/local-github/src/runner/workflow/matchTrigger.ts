// SPDX-License-Identifier: Apache-2.0
import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template';
import { matchesPatterns } from './filterPatterns';

/** What of an event the filters under `on:` look at. */
export interface TriggerFacts {
  event: string;
  action?: string;
  /** The full ref that was pushed, `refs/heads/main`. */
  ref?: string;
  /** The branch that `branches` filters: pushed, pulled into, or of the run that completed. */
  branch?: string;
  /** Name of the workflow whose run completed. */
  workflow?: string;
  /** The files that changed; asked only if a filter needs them. */
  changedFiles(): Promise<string[] | undefined>;
}

interface Filters {
  branches?: string[];
  'branches-ignore'?: string[];
  tags?: string[];
  'tags-ignore'?: string[];
  paths?: string[];
  'paths-ignore'?: string[];
  types?: string[];
  workflows?: string[];
}

/** The activity types that start a workflow which names none. */
const defaultTypes: Record<string, string[]> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

/** Whether a workflow with this `on:` starts at this event. */
export async function matchTrigger(
  events: EventsConfig,
  facts: TriggerFacts,
): Promise<boolean> {
  if (!Object.hasOwn(events, facts.event)) {
    return false;
  }
  const filters: Filters = { ...(events[facts.event] ?? {}) };
  const types = filters.types ?? defaultTypes[facts.event];
  if (types && facts.action && !types.includes(facts.action)) {
    return false;
  }
  if (
    filters.workflows &&
    !(facts.workflow && matchesPatterns(filters.workflows, facts.workflow))
  ) {
    return false;
  }
  return matchesRef(filters, facts) && (await matchesPaths(filters, facts));
}

function matchesRef(filters: Filters, facts: TriggerFacts): boolean {
  const branchFilter = filters.branches || filters['branches-ignore'];
  const tagFilter = filters.tags || filters['tags-ignore'];
  if (facts.ref?.startsWith('refs/tags/')) {
    if (!tagFilter) {
      return !branchFilter;
    }
    return matches(
      facts.ref.slice('refs/tags/'.length),
      filters.tags,
      filters['tags-ignore'],
    );
  }
  if (!branchFilter) {
    return !tagFilter || facts.event !== 'push';
  }
  return (
    facts.branch !== undefined &&
    matches(facts.branch, filters.branches, filters['branches-ignore'])
  );
}

function matches(
  name: string,
  wanted: string[] | undefined,
  ignored: string[] | undefined,
): boolean {
  return wanted
    ? matchesPatterns(wanted, name)
    : !matchesPatterns(ignored ?? [], name);
}

async function matchesPaths(
  filters: Filters,
  facts: TriggerFacts,
): Promise<boolean> {
  const { paths, 'paths-ignore': ignored } = filters;
  if ((!paths && !ignored) || facts.ref?.startsWith('refs/tags/')) {
    return true;
  }
  const files = await facts.changedFiles();
  if (files === undefined) {
    return true;
  }
  return paths
    ? files.some(file => matchesPatterns(paths, file))
    : files.some(file => !matchesPatterns(ignored ?? [], file));
}
