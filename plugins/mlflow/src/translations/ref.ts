// SPDX-License-Identifier: Apache-2.0
import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { driftMessages } from './driftMessages';

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
    drift: driftMessages,
    overview: {
      champion: '{{version}} is champion.',
      championGated: '{{version}} is champion: {{gate}}',
      championUngated: '{{version}} is champion; its run was not gated.',
      production: '{{version}} is in stage Production.',
      productionGated: '{{version}} is in stage Production: {{gate}}',
      noChampion: '{{version}} is the newest version; no version is champion.',
      prompt: '{{version}} is the newest version of the prompt {{name}}.',
      registered: 'Registered {{time}}',
      registeredBy: 'Registered {{time}} by {{user}}',
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
      stalled: 'Running for {{duration}}: stalled?',
      stalledWhy:
        'Its process has probably ended without telling MLflow. End the run in MLflow, or start it anew.',
      aheadWhy:
        'The run claims to start in the future: a clock was wrong where it was made.',
    },
    runMissing: {
      deleted: 'run deleted in MLflow',
      'not-found': 'run not found in MLflow',
      'not-allowed': 'run of another component',
    },
    versionStatus: {
      PENDING_REGISTRATION: 'Pending registration',
      FAILED_REGISTRATION: 'Registration failed',
      READY: 'Ready',
    },
    gate: {
      passed: 'Passed',
      passedUnsure: 'Passed, unsure',
      failed: 'Failed',
      failedUnsure: 'Failed, unsure',
      unsureWhy:
        'The threshold lies within the interval of the figure: so few rows cannot tell.',
      interval: '95 % interval {{low}} to {{high}}',
      linear: 'a linear model {{value}}',
      constant: 'the same answer to every row {{value}}',
    },
    mlflow: {
      open: 'Open in MLflow',
      openOne: 'Open {{name}} in MLflow',
    },
    versions: {
      prompts: 'Prompt versions',
      prompt: 'prompt',
      pinned: 'Pinned: it holds an alias or a stage',
    },
    runs: {
      topLevelOnly: 'Top-level runs only',
      childOf: 'child of {{parent}}',
      shownBefore: 'Shown: the runs before this filter.',
    },
    genai: {
      holds: '{{name}} has no runs. It holds {{things}}.',
      traces_one: '{{number}} trace',
      traces_other: '{{number}} traces',
      loggedModels_one: '{{number}} logged model',
      loggedModels_other: '{{number}} logged models',
      atLeast: 'at least {{number}}',
      next: 'They are shown in MLflow: {{link}}',
      nextUnlinked: 'They are shown in MLflow.',
    },
    reference: {
      experimentMissing:
        "There is no experiment '{{name}}' on MLflow {{instance}}.",
      experimentIdMissing:
        "There is no experiment with id '{{name}}' on MLflow {{instance}}.",
      experimentDeleted:
        "The experiment '{{name}}' was deleted on MLflow {{instance}}.",
      experimentNotAllowed:
        "The experiment '{{name}}' on MLflow {{instance}} is that of a component which you may not see.",
      experimentUnmarked:
        "The experiment '{{name}}' on MLflow {{instance}} does not say which component it is of.",
      modelMissing:
        "There is no registered model '{{name}}' on MLflow {{instance}}.",
      modelNotAllowed:
        "The registered model '{{name}}' on MLflow {{instance}} is that of a component which you may not see.",
      modelUnmarked:
        "The registered model '{{name}}' on MLflow {{instance}} does not say which component it is of.",
      firstPush: 'The first push to main makes it.',
      firstPass: 'The first run that passes the gate registers it.',
      checkAnnotation: 'Check {{annotation}} in catalog-info.yaml.',
      prefix: "No MLflow instance named '{{prefix}}' is configured.",
      restore:
        'Restore it in MLflow, or name another one in catalog-info.yaml.',
      askOwner: 'Ask its owner, or name one of this component.',
      mark: "Set its tag greenroom.component in MLflow to this component's entity ref.",
    },
    attention: {
      title: 'Needs attention',
      gateFailed: 'Gate failed: {{metric}} {{comparison}}',
      gateFailedOnBranch:
        'Gate failed on {{branch}}: {{metric}} {{comparison}}',
      gateFailedUnread: 'Gate failed',
      gateReason: 'Gate failed: {{reason}}',
      gateReasonOnBranch: 'Gate failed on {{branch}}: {{reason}}',
      champion: '(champion v{{version}} {{value}})',
      runFailed: 'Run {{name}} failed',
      runKilled: 'Run {{name}} was killed',
      registrationFailed: '{{version}} could not be registered',
      runStalled: 'Run {{name}} has been running for {{duration}}: stalled?',
      noChampion: 'No version is champion',
      notFound: 'MLflow does not have what it names',
      experimentMissing:
        "There is no experiment '{{name}}' on MLflow {{instance}}",
      experimentDeleted:
        "The experiment '{{name}}' was deleted on MLflow {{instance}}",
      unavailable: 'MLflow {{instance}} does not answer',
      unknown: 'Needs a look',
      why: 'Why?',
      whyOf: 'Why? {{model}}',
      group_one: '{{words}}: {{count}} model',
      group_other: '{{words}}: {{count}} models',
      groupOf: {
        'gate-failed': 'Gate failed',
        'run-failed': 'Last run failed',
        'run-stalled': 'Run stalled',
        'registration-failed': 'Registration failed',
        'no-champion': 'No champion',
        'not-found': 'Not in MLflow',
        'instance-unavailable': 'MLflow does not answer',
      },
      showAll_one: 'Show {{count}} more',
      showAll_other: 'Show {{count}} more',
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
      stage: 'Stage',
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
      timedOut: 'MLflow {{instance}} took too long to answer.',
      otherComponent:
        'What this component names in MLflow {{instance}} is that of a component which you may not see.',
      unmarked:
        'What this component names in MLflow {{instance}} does not say which component it is of.',
      unreachableSince: 'MLflow {{instance}} does not answer since {{time}}.',
      unauthenticated: "MLflow {{instance}} refuses the portal's credentials.",
      notAllowed: 'The portal may not read this in MLflow {{instance}}.',
      notFound: 'MLflow {{instance}} does not have what this component names.',
      badRequest: 'MLflow {{instance}} does not accept the request.',
      rateLimited: 'MLflow {{instance}} asks to wait: too many requests.',
      serverError: 'MLflow {{instance}} answers with an error.',
      unreadableItems:
        'Some of what MLflow {{instance}} answers cannot be read; the rest is shown.',
      malformed: 'The answer of MLflow {{instance}} cannot be read.',
      tooLarge: 'The answer of MLflow {{instance}} is too large to show.',
      notConfigured: 'No MLflow instance is configured under {{instance}}.',
      staleSince: 'Shown: what was known at {{time}}.',
    },
    empty: {
      noExperiment: 'This component names no MLflow experiment.',
      noRegisteredModel: 'This component names no registered model.',
      addAnnotation:
        'Add this line to metadata.annotations in catalog-info.yaml:',
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
      noRuns: 'No runs yet.',
      noRunsNext: 'Runs logged to the experiment are shown here.',
      noRunsGated: 'No runs yet. The first push to main makes one.',
      noMore: 'There is nothing more.',
      noMatches: 'No run matches the filter.',
      noVersions: 'No version is registered yet.',
      noVersionsGated:
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
      search: 'Search models',
      noMatches: 'No model of yours is named so.',
      clear: 'Clear the search',
    },
    a11y: {
      opensInNewTab: '{{name}} (opens in a new tab)',
    },
  },
});
