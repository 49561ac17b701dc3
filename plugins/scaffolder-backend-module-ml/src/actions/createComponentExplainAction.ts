import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type {
  ComponentInspector,
  ComponentState,
} from '../services/ComponentInspector';
import { examples } from './createComponentExplainAction.examples';

function describeState(
  state: Partial<ComponentState>,
  name: string,
): { exists: string[]; leftovers: string[] } {
  const exists: string[] = [];
  const leftovers: string[] = [];
  if (state.experiment && !state.experiment.deleted) {
    exists.push(`the MLflow experiment '${name}' (${state.experiment.url})`);
    leftovers.push(
      `mlflow experiments delete --experiment-id ${state.experiment.id}`,
    );
  }
  if (state.repository && state.repository.state !== 'absent') {
    const empty = state.repository.state === 'empty' ? ', still empty' : '';
    exists.push(`the repository ${state.repositoryUrl}${empty}`);
    leftovers.push(`delete ${state.repositoryUrl} in its settings`);
  }
  if (state.registeredModelExists) {
    exists.push(`the registered model '${name}' in MLflow`);
  }
  if (state.registered) {
    exists.push(`its registration in the catalog (${state.catalogInfoUrl})`);
    leftovers.push(`unregister the component '${name}' on its catalog page`);
  }
  return { exists, leftovers };
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
}) {
  const { inspector } = options;
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
        token: z => z.string().describe('GitHub token of the user').optional(),
      },
      output: {
        exists: z => z.array(z.string()).describe('What exists'),
      },
    },
    async handler(ctx) {
      const { name, repository, mlflowInstance, token } = ctx.input;
      const { state, errors } = await inspector.inspect(
        {
          entityRef: `component:default/${name}`,
          experimentName: name,
          registeredModel: name,
          mlflowInstance,
          repository: {
            host: repository.host,
            owner: repository.owner,
            name: repository.name || name,
          },
        },
        {
          credentials: await ctx.getInitiatorCredentials(),
          token,
          signal: ctx.signal,
        },
      );
      const { exists, leftovers } = describeState(state, name);
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
      ctx.logger.info(
        'To go on: remove the cause above, then choose Start over with the same values; it goes on from what this try has made',
      );
      ctx.logger.info(
        `To give up what this try has made instead: ${leftovers.join('; ')}`,
      );
    },
  });
}
