// SPDX-License-Identifier: Apache-2.0

/** Programs that need a Docker engine or a cloud account: a job has neither, even where the program is installed. */
const never: Record<string, string> = {
  docker: 'a Docker engine',
  'docker-compose': 'a Docker engine',
  podman: 'a container engine',
  buildah: 'a container engine',
  buildctl: 'a container engine',
  aws: 'a cloud account',
  az: 'a cloud account',
  gcloud: 'a cloud account',
};

/** Go, and programs for images, registries and clusters: their steps run where the program is installed. */
const ifInstalled = new Set([
  'argocd',
  'cosign',
  'crane',
  'go',
  'grype',
  'helm',
  'kubectl',
  'kustomize',
  'oras',
  'skopeo',
  'syft',
  'trivy',
]);

/** Why a script cannot run here: at the start of one of its lines it calls a program that this machine cannot serve. */
export function findMissingTool(
  script: string,
  find: (command: string) => string | undefined,
): string | undefined {
  for (const line of script.replaceAll('\\\n', ' ').split('\n')) {
    const command =
      /^\s*(?:[A-Za-z_]\w*=\S*\s+)*([\w-]+)/.exec(line)?.[1] ?? '';
    if (Object.hasOwn(never, command)) {
      return `\`${command}\` needs ${never[command]}, which the local platform does not have`;
    }
    if (ifInstalled.has(command) && !find(command)) {
      return `\`${command}\` is not installed on this machine`;
    }
  }
  return undefined;
}
