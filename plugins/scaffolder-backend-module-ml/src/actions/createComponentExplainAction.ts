import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type {
  ComponentInspector,
  ComponentState,
} from '../services/ComponentInspector';
import { toMarkedUrl } from '../services/findConflicts';
import type { RepositoryMark } from '../services/RepositoryMark';
import { parseTemplateRecord } from '../services/TemplateRecord';
import { examples } from './createComponentExplainAction.examples';

/** By what a component's experiment and repository are recognised. */
interface Marks {
  name: string;
  entityRef: string;
  /** The homepage of a repository in the making. */
  markedUrl: string;
  mark: string;
  template?: string;
}

function isRepositoryOf(
  { repository }: Partial<ComponentState>,
  { markedUrl, mark, name, template }: Marks,
): boolean {
  if (repository?.state === 'empty') {
    return repository.homepage === markedUrl;
  }
  const record =
    repository?.state === 'filled'
      ? parseTemplateRecord(repository.record ?? '')
      : undefined;
  return (
    record?.mark === mark &&
    record.template === template &&
    record.values.name === name
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
  mark: RepositoryMark;
  /** `app.baseUrl` */
  appBaseUrl: string;
}) {
  const { inspector, appBaseUrl } = options;
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
      const entityRef = `component:default/${name}`;
      const address = {
        host: repository.host,
        owner: repository.owner,
        name: repository.name || name,
      };
      const mark = options.mark.of(address);
      const { state, errors } = await inspector.inspect(
        {
          entityRef,
          experimentName: name,
          registeredModel: name,
          mlflowInstance,
          repository: address,
        },
        {
          credentials: await ctx.getInitiatorCredentials(),
          token,
          signal: ctx.signal,
        },
      );
      const { exists, leftovers } = describeState(state, {
        name,
        entityRef,
        markedUrl: toMarkedUrl(
          `${appBaseUrl}/catalog/default/component/${name}`,
          mark,
        ),
        mark,
        template: ctx.templateInfo?.entityRef,
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
