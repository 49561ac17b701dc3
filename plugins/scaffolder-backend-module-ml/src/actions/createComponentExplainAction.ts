// SPDX-License-Identifier: Apache-2.0
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type {
  ComponentInspector,
  ComponentState,
} from '../services/ComponentInspector';
import type {
  ComponentTarget,
  ComponentTargets,
} from '../services/ComponentTargets';
import { toMarkedUrl } from '../services/findConflicts';
import {
  parseTemplateRecord,
  readTemplateInfo,
} from '../services/TemplateRecord';
import { token } from './schemaParts';
import { examples } from './createComponentExplainAction.examples';

/** By what a component's experiment and repository are recognised. */
interface Marks extends ComponentTarget {
  template: string;
}

function isRepositoryOf(
  { repository }: Partial<ComponentState>,
  marks: Marks,
): boolean {
  if (repository?.state === 'empty') {
    return repository.homepage === toMarkedUrl(marks);
  }
  const record =
    repository?.state === 'filled'
      ? parseTemplateRecord(repository.record ?? '')
      : undefined;
  return (
    record?.mark === marks.mark &&
    record.template === marks.template &&
    record.values.name === marks.name
  );
}

/**
 * What exists, and what of it a try that broke off has left: nobody is told to
 * delete what is somebody else's, or a component that lives.
 */
function describeState(
  state: Partial<ComponentState>,
  marks: Marks,
): { exists: string[]; leftovers: string[] } {
  const { entityRef, name } = marks;
  const exists: string[] = [];
  const leftovers: string[] = [];
  if (state.experiment && !state.experiment.deleted) {
    exists.push(`the MLflow experiment '${name}' (${state.experiment.url})`);
    if (state.experiment.component === entityRef) {
      leftovers.push(
        `mlflow experiments delete --experiment-id ${state.experiment.id}`,
      );
    }
  }
  if (state.repository && state.repository.state !== 'absent') {
    const empty = state.repository.state === 'empty' ? ', still empty' : '';
    exists.push(`the repository ${state.repositoryUrl}${empty}`);
    if (isRepositoryOf(state, marks)) {
      leftovers.push(`delete ${state.repositoryUrl} in its settings`);
    }
  }
  if (state.registeredModelExists) {
    exists.push(`the registered model '${name}' in MLflow`);
  }
  if (state.registered) {
    exists.push(`its registration in the catalog (${state.catalogInfoUrl})`);
    if (isRepositoryOf(state, marks)) {
      leftovers.push(`unregister the component '${name}' on its catalog page`);
    }
  }
  return { exists, leftovers: state.entity ? [] : leftovers };
}

/**
 * `ml:component:explain`: says in the task's log what exists of a component
 * whose making broke off, and how to go on. Meant for a step with
 * `if: ${{ failure() }}`; never fails itself.
 *
 * @public
 */
export function createComponentExplainAction(options: {
  inspector: ComponentInspector;
  targets: ComponentTargets;
}) {
  const { inspector, targets } = options;
  return createTemplateAction({
    id: 'ml:component:explain',
    description:
      'Says in the log what exists of a component whose making broke off, and how to go on. Changes nothing, and never fails.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().describe('Name of the component'),
        repository: z =>
          z
            .object({
              host: z.string(),
              owner: z.string(),
              name: z.string().optional(),
            })
            .passthrough()
            .describe('The repository; its name is the component’s by default'),
        mlflowInstance: z =>
          z.string().describe('MLflow instance; the default one').optional(),
        token,
      },
      output: {
        exists: z => z.array(z.string()).describe('What exists'),
      },
    },
    async handler(ctx) {
      const { name, repository, mlflowInstance } = ctx.input;
      const target = {
        ...targets.of(name, repository),
        mlflow: { instance: mlflowInstance },
      };
      const { state, errors } = await inspector.inspect(target, {
        credentials: await ctx.getInitiatorCredentials(),
        token: ctx.input.token,
        signal: ctx.signal,
      });
      const { exists, leftovers } = describeState(state, {
        ...target,
        template: readTemplateInfo(ctx.templateInfo).template,
      });
      ctx.output('exists', exists);
      for (const error of errors) {
        ctx.logger.warn(`Could not look everywhere: ${error.message}`);
      }
      if (exists.length === 0) {
        ctx.logger.info(
          `Nothing of '${name}' was found. Remove the cause above, then choose Start over`,
        );
        return;
      }
      ctx.logger.info(`Of '${name}' there is: ${exists.join('; ')}`);
      if (leftovers.length === 0) {
        ctx.logger.info(
          'None of it was left by a try that broke off: leave it as it is, and do what the message above says',
        );
        return;
      }
      ctx.logger.info(
        'To go on: remove the cause above, then choose Start over with the same values; it goes on from what this try has made',
      );
      ctx.logger.info(
        `To give up what this try has made instead: ${leftovers.join('; ')}`,
      );
    },
  });
}
