// SPDX-License-Identifier: Apache-2.0
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { ComponentInspector } from './ComponentInspector';
import type { ComponentTarget } from './ComponentTargets';
import { findConflicts, isOurs, toPublication } from './findConflicts';
import { refuseProblems } from './problems';
import { readTemplateInfo, type TemplateRecord } from './TemplateRecord';

/** What every skeleton is told about its repository, and what makes it. */
export interface RepositoryValues {
  repoHost: string;
  repoOwner: string;
  repoName: string;
  /** Its page. */
  repoUrl: string;
  templateRef: string;
  templateVersion: string;
}

/**
 * Whether what a component is to be is free, or was made by an earlier try with
 * the same values.
 *
 * @returns what the steps that publish are told, and the skeleton
 * @throws InputError with all that stands in the way; else the error of what
 *   could not be asked
 */
export async function checkFree(
  inspector: ComponentInspector,
  ctx: Pick<
    ActionContext<{ token?: string; existing?: boolean }>,
    'input' | 'signal' | 'isDryRun' | 'logger' | 'templateInfo'
  >,
  options: {
    target: ComponentTarget;
    recordedValues: TemplateRecord['values'];
    credentials: BackstageCredentials;
  },
) {
  const { target, recordedValues, credentials } = options;
  const record = {
    ...readTemplateInfo(ctx.templateInfo),
    values: recordedValues,
  };
  const { state, errors } = await inspector.inspect(target, {
    credentials,
    token: ctx.input.token,
    signal: ctx.signal,
  });
  if (!ctx.input.existing) {
    refuseProblems(findConflicts(state, target, record));
  }
  if (errors.length > 0) {
    throw errors.length === 1
      ? errors[0]
      : new AggregateError(
          errors,
          errors.map(error => error.message).join('\n'),
        );
  }
  if (!ctx.input.existing && isOurs(state, target, record)) {
    ctx.logger.info(
      `An earlier try has made ${state.repositoryUrl}; this one goes on from there`,
    );
  }
  const { host, owner, name } = target.repository;
  const values: RepositoryValues = {
    repoHost: host,
    repoOwner: owner,
    repoName: name,
    repoUrl: state.repositoryUrl ?? '',
    templateRef: record.template,
    templateVersion: record.version,
  };
  return {
    values,
    entityRef: target.entityRef,
    entityUrl: target.entityUrl,
    repoUrl: `${host}?owner=${owner}&repo=${name}`,
    catalogInfoUrl: state.catalogInfoUrl ?? '',
    repositoryState: state.repository?.state ?? 'absent',
    publication: toPublication(state, target, ctx.isDryRun),
    registered: state.registered ?? false,
    recordedValues,
  };
}
