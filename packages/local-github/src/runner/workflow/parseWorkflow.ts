// SPDX-License-Identifier: Apache-2.0
import type { MappingToken } from '@actions/workflow-parser/templates/tokens/mapping-token';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template';
import type { ActionsLanguage } from '../language';
import { readDispatchDefinitions, type DispatchInput } from './dispatchInputs';
import { unfoldScalars } from './unfoldScalars';
import { readSteps, type StepDefinition } from './readSteps';

/** A job as its file says it, nothing evaluated yet. */
export interface JobDefinition {
  id: string;
  name?: TemplateToken;
  needs: string[];
  /** Always with a status function: `success() && (…)` unless it has one. */
  condition: string;
  strategy?: TemplateToken;
  runsOn?: TemplateToken;
  env?: TemplateToken;
  permissions?: TemplateToken;
  defaults?: TemplateToken;
  concurrency?: TemplateToken;
  outputs?: TemplateToken;
  timeoutMinutes?: TemplateToken;
  continueOnError?: TemplateToken;
  container?: TemplateToken;
  services?: TemplateToken;
  environment?: TemplateToken;
  /** Set for a call of a reusable workflow. */
  uses?: string;
  with?: TemplateToken;
  secrets?: TemplateToken;
  steps: StepDefinition[];
}

/** A workflow file. */
export interface WorkflowDefinition {
  path: string;
  name: string;
  runName?: TemplateToken;
  events: EventsConfig;
  env?: TemplateToken;
  permissions?: TemplateToken;
  defaults?: TemplateToken;
  concurrency?: TemplateToken;
  /** `on.workflow_dispatch.inputs`. */
  dispatchInputs: Record<string, DispatchInput>;
  /** `on.workflow_call.outputs`. */
  callOutputs?: TemplateToken;
  jobs: JobDefinition[];
}

/** What a file says, or what GitHub's parser holds against it. */
export interface ParsedWorkflow {
  /** Its `name:`, or its path. */
  name: string;
  /** Absent if there are errors. */
  workflow?: WorkflowDefinition;
  errors: string[];
}

/** Parses one workflow file with GitHub's parser and schema. */
export async function parseWorkflow(
  language: ActionsLanguage,
  path: string,
  content: string,
): Promise<ParsedWorkflow> {
  const { parser } = language;
  const read = (text: string) =>
    parser.parseWorkflow(
      { name: path, content: text },
      new parser.NoOperationTraceWriter(),
    );
  let parsed = read(content);
  // Errors are told with the lines of the file itself.
  if (parsed.context.errors.getErrors().length === 0) {
    parsed = read(unfoldScalars(content));
  }
  const root = parsed.value;
  const template = root
    ? await parser.convertWorkflowTemplate(parsed.context, root)
    : undefined;
  const errors = parsed.context.errors.getErrors().map(error => error.message);
  if (!root || !parser.isMapping(root) || !template || errors.length > 0) {
    return {
      errors: errors.length > 0 ? errors : [`${path}: the file is empty`],
      name: nameOf(language, root) ?? path,
    };
  }

  const jobs = mapping(language, root.find('jobs'));
  const definitions = template.jobs.map((job): JobDefinition => {
    const token = mapping(language, jobs?.find(job.id.value));
    const find = (key: string) => token?.find(key);
    return {
      id: job.id.value,
      name: find('name'),
      needs: job.needs?.map(need => need.value) ?? [],
      condition: job.if.expression,
      strategy: find('strategy'),
      runsOn: find('runs-on'),
      env: find('env'),
      permissions: find('permissions'),
      defaults: find('defaults'),
      concurrency: find('concurrency'),
      outputs: find('outputs'),
      timeoutMinutes: find('timeout-minutes'),
      continueOnError: find('continue-on-error'),
      container: find('container'),
      services: find('services'),
      environment: find('environment'),
      uses: job.type === 'reusableWorkflowJob' ? job.ref.value : undefined,
      with: find('with'),
      secrets: find('secrets'),
      steps:
        job.type === 'job' ? readSteps(language, job.steps, find('steps')) : [],
    };
  });

  const on = mapping(language, root.find('on'));
  const call = mapping(language, on?.find('workflow_call'));
  const dispatch = mapping(language, on?.find('workflow_dispatch'));
  const name = nameOf(language, root) ?? path;
  return {
    name,
    errors: [],
    workflow: {
      path,
      name,
      runName: root.find('run-name'),
      events: template.events,
      env: root.find('env'),
      permissions: root.find('permissions'),
      defaults: root.find('defaults'),
      concurrency: root.find('concurrency'),
      dispatchInputs: readDispatchDefinitions(
        language,
        dispatch?.find('inputs'),
      ),
      callOutputs: call?.find('outputs'),
      jobs: definitions,
    },
  };
}

function mapping(
  language: ActionsLanguage,
  token: TemplateToken | undefined,
): MappingToken | undefined {
  return token && language.parser.isMapping(token) ? token : undefined;
}

function nameOf(
  language: ActionsLanguage,
  root: TemplateToken | undefined,
): string | undefined {
  const name = mapping(language, root)?.find('name');
  return name && language.parser.isLiteral(name)
    ? name.toString() || undefined
    : undefined;
}
