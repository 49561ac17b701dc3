// SPDX-License-Identifier: Apache-2.0

/**
 * What the choices of the golden path offer, by the template's parameter that
 * they are in, in the order of the form; the first option of each is the default.
 * The keys are the values of the parameters. All else that knows a choice reads it
 * here: types, defaults, combinations, the action's schema and the form's words.
 *
 * @public
 */
export const CHOICE_OPTIONS = {
  model: {
    framework: {
      'scikit-learn': {
        title: 'scikit-learn',
        description: 'Random forest; a good first model for any table.',
      },
      xgboost: {
        title: 'XGBoost',
        description: 'Gradient-boosted trees; often the best on tables.',
      },
      lightgbm: {
        title: 'LightGBM',
        description: 'Gradient-boosted trees; fast on many rows.',
      },
      pytorch: {
        title: 'PyTorch',
        description: 'A small neural network, trained on the CPU.',
      },
    },
    format: {
      native: {
        title: 'As the framework stores it',
        description: 'Served by the library that trained it.',
      },
      onnx: {
        title: 'ONNX',
        description:
          'Exported after training and served by ONNX Runtime, without the framework.',
      },
    },
  },
  delivery: {
    serving: {
      image: {
        title: 'Its own image',
        description:
          'Built and signed by the pipeline, with the model inside; the code that serves is yours.',
      },
      'storage-uri': {
        title: "KServe's runtime",
        description:
          "No image: KServe's server for the framework loads the model from MLflow's storage.",
      },
    },
    registry: {
      ghcr: {
        title: 'GitHub Container Registry',
        description: 'Needs no secret.',
      },
      'docker-hub': {
        title: 'Docker Hub',
        description: 'Needs a Docker Hub access token as a secret.',
      },
    },
    mlflowAccess: {
      token: {
        title: 'Token or password',
        description: "MLflow is reachable from GitHub's runners.",
      },
      oidc: {
        title: "GitHub's identity (OIDC)",
        description:
          "Reachable as well; the job shows GitHub's short-lived token, no secret is kept.",
      },
      tailscale: {
        title: 'Tailscale',
        description:
          'MLflow is private; the job joins your tailnet to reach it.',
      },
      'self-hosted': {
        title: 'Self-hosted runner',
        description: 'Training runs inside the cluster, beside MLflow.',
      },
    },
    environments: {
      'dev-prod': {
        title: 'dev, prod',
        description: 'dev at once; prod by a pull request.',
      },
      'dev-staging-prod': {
        title: 'dev, staging, prod',
        description: 'dev and staging at once; prod by a pull request.',
      },
      dev: {
        title: 'dev only',
        description: 'For a model that is not meant for production yet.',
      },
    },
    canary: {
      none: {
        title: 'None',
        description: 'A new version takes over when it is ready.',
      },
      'http-route': {
        title: 'HTTPRoute',
        description:
          'Two services share the traffic by weight; works without Knative, needs the Gateway API.',
      },
      knative: {
        title: 'Knative',
        description:
          'KServe splits the traffic itself; the cluster has Knative.',
      },
    },
  },
} as const;

/**
 * Why choices do not fit together, and what would: the words of form and action.
 *
 * @public
 */
export const CHOICE_PROBLEMS = {
  storageUriOnnx:
    "KServe serves ONNX with Triton, which wants a model repository, while MLflow stores a flat folder. Choose the model's own image, or the framework's own format.",
  storageUriPytorch:
    "KServe serves PyTorch with TorchServe, which wants a .mar archive and is no longer maintained. Choose the model's own image.",
  storageUriDriftMonitor:
    "KServe's own servers count no feature values, so that drift could not be seen. Choose the model's own image, or leave the drift monitor out.",
  storageUriRegistry:
    "KServe's runtime loads the model from storage: there is no image for a registry to hold. Leave the registry out, or choose the model's own image.",
  gpuFramework:
    'Only PyTorch in its own format uses the GPU here. Choose it, or leave the GPU out.',
  gpuServing:
    "Only the model's own image brings the libraries that use the GPU. Choose it, or leave the GPU out.",
  canaryWithoutProd:
    'A canary tries a version on the traffic of production, and there is no prod. Choose environments with prod, or no canary.',
  selfHostedPublic:
    'Anyone can open a pull request in a public repository, and its code would run in your cluster. Choose a private or internal repository, or another way to MLflow.',
  registryNamespaceWithoutDockerHub:
    'Only Docker Hub asks for a namespace; elsewhere the image has the name of the organisation. Leave it out, or choose Docker Hub.',
  registryNamespaceName:
    'Give the namespace as in the address of an image: lower-case letters and digits, with single hyphens, dots or underscores between them.',
  manifestsRepositoryName:
    'Give the name of a repository, without its organisation: letters, digits, hyphens, underscores and dots, at most 100 characters, and no ending .git, .wiki or .atom.',
  manifestsRepositorySame:
    "Manifests live in a repository of their own, which Argo CD reads. Give another name than the model's repository has.",
} as const;
