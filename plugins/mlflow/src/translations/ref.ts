import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * Every message of the MLflow plugin. Key endings `_one` and `_other` follow
 * the plural rules of the language.
 *
 * @public
 */
export const mlflowTranslationRef = createTranslationRef({
  id: 'plugin.mlflow',
  messages: {
    training: {
      title: 'Training',
      openTraining: 'All runs and versions',
      runs: 'Runs',
      modelVersions: 'Registered versions',
    },
    overview: {
      champion: '{{version}} is champion: {{gate}}',
      championUngated: '{{version}} is champion; its run was not gated.',
      noChampion:
        '{{version}} is the newest version; no version is champion yet.',
      gate: '{{metric}} {{comparison}} (gate)',
      trained: 'Trained {{time}}',
      trainedBy: 'Trained {{time}} by {{user}}',
      commit: 'commit {{commit}}',
      ciRun: 'CI run {{run}}',
      lastRun: 'Last run: {{status}} {{time}}, {{name}}',
      lastRunUndated: 'Last run: {{status}}, {{name}}',
    },
    runStatus: {
      RUNNING: 'Running',
      SCHEDULED: 'Scheduled',
      FINISHED: 'Finished',
      FAILED: 'Failed',
      KILLED: 'Killed',
    },
    versionStatus: {
      PENDING_REGISTRATION: 'Pending registration',
      FAILED_REGISTRATION: 'Registration failed',
      READY: 'Ready',
    },
    gate: {
      passed: 'Passed',
      failed: 'Failed',
    },
    attention: {
      title: 'Needs attention',
      gateFailed: 'Gate failed: {{metric}} {{comparison}}',
      gateFailedOnBranch:
        'Gate failed on {{branch}}: {{metric}} {{comparison}}',
      gateFailedUnread: 'Gate failed',
      champion: '(champion v{{version}} {{value}})',
      runFailed: 'Run {{name}} failed',
      runKilled: 'Run {{name}} was killed',
      registrationFailed: '{{version}} could not be registered',
      noChampion: 'No version is champion',
      unavailable: 'MLflow {{instance}} does not answer',
      unknown: 'Needs a look',
      why: 'Why?',
      whyOf: 'Why? {{model}}',
    },
    columns: {
      choose: 'Columns',
      chooseLabel: 'Choose columns',
      status: 'Status',
      run: 'Run',
      started: 'Started',
      duration: 'Duration',
      user: 'User',
      branch: 'Branch',
      commit: 'Commit',
      ciRun: 'CI run',
      gate: 'Gate',
      version: 'Version',
      datasets: 'Datasets',
      instance: 'Instance',
      model: 'Model',
      aliases: 'Aliases',
      created: 'Created',
      sourceRun: 'Source run',
      champion: 'Champion',
      lastRun: 'Last run',
    },
    filter: {
      label: 'Filter',
      description:
        'A filter expression of MLflow over metrics, params, tags and attributes. Enter applies it.',
      placeholder: 'metrics.accuracy > 0.9 and params.max_depth = "3"',
      clear: 'Clear the filter',
    },
    paging: {
      previous: 'Previous page',
      next: 'Next page',
      page: 'Page {{page}}',
      size: 'Rows per page',
      sizeOption_one: '{{count}} row',
      sizeOption_other: '{{count}} rows',
    },
    table: {
      loading: 'Loading…',
      none: '–',
      none_label: 'none',
    },
    instance: {
      unreachable: 'MLflow {{instance}} does not answer.',
      unreachableSince: 'MLflow {{instance}} does not answer since {{time}}.',
      unauthenticated: "MLflow {{instance}} refuses the portal's credentials.",
      notAllowed: 'The portal may not read this in MLflow {{instance}}.',
      notFound: 'MLflow {{instance}} does not have what this component names.',
      badRequest: 'MLflow {{instance}} does not accept the request.',
      rateLimited: 'MLflow {{instance}} asks to wait: too many requests.',
      serverError: 'MLflow {{instance}} answers with an error.',
      malformed: 'The answer of MLflow {{instance}} cannot be read.',
      tooLarge: 'The answer of MLflow {{instance}} is too large to show.',
      notConfigured: 'No MLflow instance is configured under {{instance}}.',
      staleSince: 'Shown: what was known at {{time}}.',
      stale: 'Shown: what was known then.',
    },
    empty: {
      noExperiment: 'This component names no MLflow experiment.',
      noRegisteredModel: 'This component names no registered model.',
      addAnnotation:
        'Add this line to metadata.annotations in catalog-info.yaml:',
      copy: 'Copy',
      copied: 'Copied',
      notConfigured: 'No MLflow instance is configured.',
      readme: 'How to configure MLflow',
      notAllowed:
        'You may not read the MLflow data of this component (mlflow.read).',
      notAllowedNext: 'Ask an owner of this portal for the permission.',
      signedOut: 'Your session has ended.',
      signedOutNext: 'Reload the page to sign in again.',
      notInstalled: "The portal's MLflow backend does not know this page.",
      notInstalledNext:
        'The component was removed, or the portal lacks plugin-mlflow-backend.',
      backendUnreachable: "The portal's MLflow backend does not answer.",
      backendStale: 'Shown: what was known before.',
      unknown: 'What MLflow holds is not known now.',
      noRuns: 'No runs yet. The first push to main makes one.',
      noMore: 'There is nothing more.',
      noMatches: 'No run matches the filter.',
      noVersions:
        'No version is registered yet. The first run that passes the gate registers one.',
      noModels: 'You own no models yet.',
      noModelsNext:
        'A model service comes with a repository, a pipeline and its first trained version.',
      retry: 'Retry',
    },
    home: {
      title: 'Your models',
      attention_one: '{{count}} needs attention',
      attention_other: '{{count}} need attention',
      noAttention: 'nothing needs attention',
      createModel: 'Create a model',
      models: 'Models',
    },
    a11y: {
      opensInNewTab: '{{name}} (opens in a new tab)',
    },
  },
});
