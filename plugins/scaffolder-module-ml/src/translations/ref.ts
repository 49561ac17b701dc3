// SPDX-License-Identifier: Apache-2.0
import { createTranslationRef } from '@backstage/frontend-plugin-api';
import {
  CHOICE_OPTIONS,
  CHOICE_PROBLEMS,
  FINDING_MESSAGES,
  TABLE_MESSAGES,
} from '@greenroom/plugin-scaffolder-ml-common';

/**
 * The words of the form fields, in English.
 *
 * @public
 */
export const scaffolderModuleMlTranslationRef = createTranslationRef({
  id: 'scaffolder-module-ml',
  messages: {
    modelName: {
      title: 'Name',
      uses: 'MLflow experiment, registered model and repository will be named {{name}} too.',
      problem: {
        missing: 'Give the model a name.',
        'too-short': 'Use at least 3 characters.',
        'too-long': 'Use at most 40 characters.',
        malformed:
          'Start with a lower-case letter and use only a-z, 0-9 and single hyphens between them, for example churn-model.',
        reserved:
          'Python, or a library of the pipeline, has a module of this name, which it would hide. Add a word, for example {{name}}-model.',
        taken:
          'The catalog has a component {{name}} already, owned by {{owner}}. Choose another name.',
        host: 'In the cluster it becomes {{hostName}}, which has {{length}} characters where Kubernetes takes 63. For this owner and these environments, use at most {{maximum}} characters.',
        hostOwner:
          'In the cluster it becomes {{hostName}}, which has {{length}} characters where Kubernetes takes 63. Choose an owner with a shorter name.',
        takenByNobody:
          'The catalog has a component {{name}} already. Choose another name.',
      },
    },
    modelOwner: {
      title: 'Owner',
      mine: 'Your groups',
      others: 'Other groups',
      you: 'You',
      failed: 'The catalog does not list its groups just now: {{message}}',
      retry: 'Try again',
    },
    dataset: {
      title: 'Data set',
      bundled: {
        breast_cancer: 'Breast cancer: is a tumour malignant?',
        wine: 'Wine: which cultivar made it?',
        iris: 'Iris: which species is it?',
        digits: 'Handwritten digits: which digit is it?',
        diabetes: 'Diabetes: how far does it progress in a year?',
      },
      factsClassification:
        '{{rows}} rows, {{features}} features, {{classes}} classes · comes with scikit-learn',
      factsRegression:
        '{{rows}} rows, {{features}} features, a number to predict · comes with scikit-learn',
      csv: 'Your own table',
      csvFacts: 'A CSV file with a header row',
      source: 'Where is the table?',
      upload: 'On this computer',
      url: 'At an address',
      choose: 'Choose a file',
      chooseOther: 'Choose another file',
      uploadHint: 'CSV with a header row, at most {{size}} MB.',
      chosen: '{{name}}: {{rows}} rows, {{columns}} columns',
      column: {
        number: '{{name}}: numbers',
        boolean: '{{name}}: yes or no',
        date: '{{name}}: dates',
        category: '{{name}}: {{values}} categories',
        text: '{{name}}: text',
        more: 'and {{others}} more',
      },
      address: 'Address',
      addressHint:
        'Of the file itself, on a host that the portal may read, for example a file in GitHub; read when the model is created. Above 20 MB the repository holds the address in place of the file, without a password or token that it carries.',
      target: 'Target column',
      targetHint: 'The column that the model is to predict.',
      task: 'Task',
      findings: 'What the table shows',
      findingsHint:
        'What is chosen here stands in config.yaml, and can be changed there.',
      finding: FINDING_MESSAGES,
      moreFindings: 'Show {{others}} more',
      answerTo: 'What to do with {{column}}',
      needsAnswer: 'Choose one.',
      proposed: '{{answer}} (proposed)',
      answer: {
        'leave-out': 'Leave out',
        keep: 'Keep',
        'day-first': 'The day is first',
        'month-first': 'The month is first',
        value: 'A code like the others',
        missing: 'A missing value',
        number: 'Numbers; these cells are missing',
        text: 'Texts',
      },
      told: {
        title: 'What the table needs to be told',
        nothing:
          'The table is read when the model is created; what is doubtful in it is then said, and what it shows is followed.',
        something: 'Some of it is said already',
        leaveOut: 'Columns to leave out',
        leaveOutHint: 'Their names, with commas between them.',
        keep: 'Columns to keep',
        keepHint: 'That are to be learnt from in spite of what is found.',
        read: 'How cells are read',
        readHint:
          'Where only a person knows: joined: day-first, country: value. Answers are day-first, month-first, value, missing, number and text.',
      },
      split: {
        title: 'Held-out rows',
        rows: 'Any rows',
        rowsHint: 'Rows have nothing to do with each other.',
        time: 'The newest rows',
        timeHint: 'The model predicts what is to come.',
        group: 'Whole groups',
        groupHint:
          'Several rows belong to one person, device or place, and the model is asked of others.',
        timeColumn: 'When a row is',
        groupColumn: 'What rows have in common',
        inOrder: 'Rows are in order of time',
        noneInOrder: 'The column; none, where rows are in order of time.',
      },
      classification: 'Classification: predict a class',
      regression: 'Regression: predict a number',
      problem: {
        noFile: 'Choose a CSV file.',
        noAddress:
          'Give the address of the CSV file; it begins with https:// or http://.',
        noTarget: 'Choose the column that the model is to predict.',
        unknown: 'Choose a data set.',
        tooLarge:
          'The file has {{size}} MB; an upload may have {{limit}} MB. Put it on a server and give its address.',
        unreadable: 'The browser cannot read this file. Choose it again.',
        open: 'The table leaves questions open that only a person can answer: see {{columns}} below.',
        ...TABLE_MESSAGES,
      },
    },
    gate: {
      metric: 'Metric',
      threshold: 'Threshold',
      hint: {
        accuracy: 'Share of right answers. Misleads when one class is rare.',
        f1_macro: 'Balance of precision and recall; every class counts alike.',
        roc_auc: 'How well the model ranks; 0.5 is chance.',
        r2: 'Share of the variance explained; 0 is guessing the mean.',
        rmse: 'Typical error in the unit of the target; large errors count more.',
        mae: 'Mean error in the unit of the target.',
      },
      floorClass:
        '{{percent}} % of the rows are "{{answer}}": always answering that has {{metric}} {{value}}.',
      floorNumber:
        'Always answering {{answer}}, the mean, has {{metric}} {{value}}.',
      floorPassed:
        'That passes this threshold. Set it where only a model that has learnt something passes.',
      rangeFrom: 'From {{minimum}} to {{maximum}}.',
      rangeAbove: 'Above {{minimum}}, at most {{maximum}}.',
      rangeUnit: 'A number above {{minimum}}, in the unit of the target.',
      maximize:
        'A model is registered when its {{metric}} on the test data is {{threshold}} or more. Below, the pipeline fails.',
      minimize:
        'A model is registered when its {{metric}} on the test data is {{threshold}} or less. Above, the pipeline fails.',
      problem: {
        metric: 'Choose a metric that measures {{task}}.',
        'not-a-number': 'Give the threshold as a number.',
        floor:
          'Always answering "{{answer}}" has {{metric}} {{value}} and passes. Choose {{better}}, or a threshold above that.',
        range: '{{title}} cannot be a gate at {{value}}. {{range}}',
      },
    },
    model: {
      later: 'The page Delivery has choices that do not fit this model',
    },
    choiceTitles: {
      framework: 'Framework',
      format: 'Format',
      serving: 'Serving',
      registry: 'Registry',
      mlflowAccess: 'Access to MLflow',
      environments: 'Environments',
      canary: 'Canary',
    },
    choices: { ...CHOICE_OPTIONS.model, ...CHOICE_OPTIONS.delivery },
    choiceProblems: CHOICE_PROBLEMS,
    delivery: {
      image: 'Image',
      noImage: 'No image',
      namespace: 'Docker Hub namespace',
      namespaceHint: 'The name of your organisation at Docker Hub.',
      gpu: 'GPU',
      gpuHint: 'Serve on a node with an NVIDIA GPU; training stays on the CPU.',
      rollout: 'Canary and drift monitor',
      rolloutMonitored: 'Canary: {{canary}}; drift monitor: on',
      rolloutUnmonitored: 'Canary: {{canary}}; drift monitor: off',
      driftMonitor: 'Drift monitor',
      driftMonitorHint:
        'The server counts what it is asked and answers; an alert fires when that no longer looks like the training data.',
      manifests: 'Manifests repository',
      manifestsRepository: 'Repository name',
      manifestsHint:
        'The repository of {{owner}} that Argo CD deploys from; the pipeline writes each version into it.',
      resultImage:
        'The pipeline pushes {{image}} and hands each version to {{manifests}}.',
      result:
        "KServe loads each version from MLflow's storage; the pipeline hands it to {{manifests}}.",
    },
    repository: {
      host: 'Host',
      owner: 'Organisation',
      ownerHint: 'The GitHub organisation or user that will own it.',
      name: 'Repository name',
      nameHint: 'The same as the component, unless you choose another.',
      visibility: 'Visibility',
      private: 'Private',
      internal: 'Internal: everyone in the enterprise',
      public: 'Public: everyone',
      result: 'The code goes to {{url}}, and its pipeline runs there.',
      noHost:
        'No GitHub host is configured. Ask whoever runs this portal to add one to integrations.github.',
      problem: {
        host: 'Choose the GitHub host that holds the repository.',
        owner:
          'Give a GitHub organisation or user: letters, digits and single hyphens, at most 39 characters.',
        name: 'Use letters, digits, hyphens, underscores and dots, at most 100 characters, and no ending .git, .wiki or .atom.',
      },
    },
  },
});
