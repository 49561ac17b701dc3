// SPDX-License-Identifier: Apache-2.0

/** What a file is to a pipeline, as far as its path tells. */
export type FileRole =
  | 'workflow'
  | 'dependencies'
  | 'image'
  | 'manifest'
  | 'data'
  | 'lint-config'
  | 'test-config'
  | 'build'
  | 'settings'
  | 'test'
  | 'documentation'
  | 'code';

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const WORKFLOW =
  /^\.github\/(?:workflows\/[^/]{1,200}|actions\/.{1,200}\/action)\.ya?ml$/i;
const DEPENDENCIES =
  /^(?:(?:[\w.-]{0,60}requirements|constraints)[\w.-]{0,60}\.(?:txt|in|lock)|pyproject\.toml|setup\.(?:py|cfg)|pipfile(?:\.lock)?|(?:poetry|uv|pdm|cargo|composer|gemfile)\.lock|environment\.ya?ml|package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|go\.(?:mod|sum)|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|gradle\.lockfile|gemfile|cargo\.toml|composer\.json)$/i;
const IMAGE =
  /^(?:[\w.-]{0,60}\.)?(?:docker|container)file(?:\.[\w.-]{1,60})?$|^\.dockerignore$/i;
const LINT =
  /^(?:\.?flake8|tox\.ini|\.pylintrc|pylintrc|\.?ruff\.toml|\.eslintrc(?:\.\w{1,5})?|eslint\.config\.\w{1,4}|\.prettierrc(?:\.\w{1,5})?|\.golangci\.(?:ya?ml|toml|json)|checkstyle\.xml|\.pre-commit-config\.yaml|\.editorconfig|\.bandit|\.gitleaks\.toml|\.snyk|\.trivyignore(?:\.ya?ml)?|trivy\.yaml|\.hadolint\.ya?ml)$/i;
const TEST_CONFIG =
  /^(?:conftest\.py|pytest\.ini|tox\.ini|noxfile\.py|jest\.config\.\w{1,4}|karma\.conf\.\w{1,3}|\.mocharc\.\w{1,5}|vitest\.config\.\w{1,4})$/i;
const BUILD =
  /^(?:makefile|gnumakefile|justfile|cmakelists\.txt|meson\.build|\.travis\.yml|tsconfig(?:\.[\w-]{1,40})?\.json)$/i;
const MANIFEST_PLACE =
  /(?:^|\/)(?:deploy|manifests?|k8s|kubernetes|kustomize|overlays|base|charts?|helm|argocd|apps|clusters)\//i;
const DATA =
  /(?:^|\/)data\/|\.(?:csv|tsv|parquet|feather|arrow|npy|npz|h5|hdf5|dvc|jsonl|ndjson)$/i;
const TEST =
  /(?:^|\/)(?:tests?|__tests__|spec|testing)\/|(?:^|\/)(?:test_[^/]{1,100}\.py|[^/]{1,100}(?:_test\.(?:go|py)|\.(?:test|spec)\.[cm]?[jt]sx?|Tests?\.(?:java|kt|scala|groovy)|IT\.java))$/;
const DOCUMENTATION =
  /(?:^|\/)docs?\/|\.(?:md|rst|adoc)$|(?:^|\/)(?:LICENSE|NOTICE|CODEOWNERS|AUTHORS|CHANGELOG)(?:\.\w{1,5})?$/i;

/** Whether GitHub runs it: a workflow, or an action of the repository. */
export function isWorkflowFile(path: string): boolean {
  return WORKFLOW.test(path);
}

/** The roles of a file, the most telling first; `code` where nothing else is known. */
export function fileRoles(path: string): FileRole[] {
  const cut = path.slice(0, 1000);
  const base = baseOf(cut);
  const isYaml = /\.ya?ml$/i.test(base);
  const roles: FileRole[] = [];
  const add = (role: FileRole, is: boolean) => is && roles.push(role);
  add('workflow', isWorkflowFile(cut));
  add('dependencies', DEPENDENCIES.test(base));
  add('image', IMAGE.test(base));
  add(
    'lint-config',
    LINT.test(base) || base === 'pyproject.toml' || base === 'setup.cfg',
  );
  add('test-config', TEST_CONFIG.test(base));
  add('build', BUILD.test(base));
  add(
    'manifest',
    /^kustomization\.ya?ml$|^Chart\.yaml$/i.test(base) ||
      (isYaml && MANIFEST_PLACE.test(cut)),
  );
  add('data', DATA.test(cut));
  add('test', TEST.test(cut));
  add('documentation', roles.length === 0 && DOCUMENTATION.test(cut));
  add(
    'settings',
    roles.length === 0 &&
      /\.(?:ya?ml|toml|ini|cfg|conf|json|env|properties)$/i.test(base),
  );
  add('code', roles.length === 0);
  return roles;
}
