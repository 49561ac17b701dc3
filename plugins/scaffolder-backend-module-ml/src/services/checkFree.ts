import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { ComponentInspector } from './ComponentInspector';
import type { ComponentTarget } from './ComponentTargets';
import { findConflicts, isOurs, toPublication } from './findConflicts';
import { refuseProblems } from './problems';
import type { TemplateRecord } from './TemplateRecord';

/**
 * Whether what a component is to be is free, or was made by an earlier try with
 * the same values.
 *
 * @returns what the steps that publish are told
 * @throws InputError with all that stands in the way; else the error of what
 *   could not be asked
 */
export async function checkFree(
  inspector: ComponentInspector,
  options: {
    target: ComponentTarget;
    record: TemplateRecord;
    credentials: BackstageCredentials;
    token?: string;
    signal?: AbortSignal;
    isDryRun?: boolean;
    logger: LoggerService;
  },
) {
  const { target, record, isDryRun = false, logger } = options;
  const { state, errors } = await inspector.inspect(target, options);
  refuseProblems(findConflicts(state, target, record));
  if (errors.length > 0) {
    throw errors.length === 1
      ? errors[0]
      : new AggregateError(
          errors,
          errors.map(error => error.message).join('\n'),
        );
  }
  if (isOurs(state, target, record)) {
    logger.info(
      `An earlier try has made ${state.repositoryUrl}; this one goes on from there`,
    );
  }
  const { host, owner, name } = target.repository;
  return {
    entityRef: target.entityRef,
    entityUrl: target.entityUrl,
    repoUrl: `${host}?owner=${owner}&repo=${name}`,
    catalogInfoUrl: state.catalogInfoUrl ?? '',
    repositoryState: state.repository?.state ?? 'absent',
    publication: toPublication(state, target, isDryRun),
    registered: state.registered ?? false,
    recordedValues: record.values,
  };
}
