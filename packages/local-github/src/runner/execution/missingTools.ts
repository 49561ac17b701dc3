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

/** What of Docker's programs speaks to a registry only. */
const REGISTRY_ONLY = /^\s*docker buildx (?:version|imagetools)\b/;

/** A signature that the job's identity stands for, which only GitHub can give. */
const SIGNS = /^\s*cosign (?:sign|attest)\b/;

/**
 * Why a script cannot run here: at the start of one of its lines it calls a program that this machine cannot serve.
 *
 * @param hasRegistryClient - whether the job has the stand-ins of `docker` and `skopeo` that copy images
 */
export function findMissingTool(
  script: string,
  find: (command: string) => string | undefined,
  hasRegistryClient = false,
): string | undefined {
  for (const line of script.replaceAll('\\\n', ' ').split('\n')) {
    const command =
      /^\s*(?:[A-Za-z_]\w*=\S*\s+)*([\w-]+)/.exec(line)?.[1] ?? '';
    if (hasRegistryClient && REGISTRY_ONLY.test(line)) {
      continue;
    }
    if (Object.hasOwn(never, command)) {
      return `\`${command}\` needs ${never[command]}, which the local platform does not have`;
    }
    if (ifInstalled.has(command) && !find(command)) {
      return `\`${command}\` is not installed on this machine`;
    }
    if (SIGNS.test(line)) {
      return `\`${command}\` needs an identity token of GitHub, which the local platform does not have`;
    }
  }
  return undefined;
}
