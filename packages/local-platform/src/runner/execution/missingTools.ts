/** Programs that need a Docker engine, a cluster, a registry or a cloud, and what to call that. */
const tools: Record<string, string> = {
  docker: 'a Docker engine',
  'docker-compose': 'a Docker engine',
  podman: 'a container engine',
  buildah: 'a container engine',
  buildctl: 'a container engine',
  skopeo: 'a container registry',
  crane: 'a container registry',
  oras: 'a container registry',
  cosign: 'a container registry',
  syft: 'a container image',
  grype: 'a container image',
  trivy: 'a container image',
  kubectl: 'a cluster',
  helm: 'a cluster',
  argocd: 'a cluster',
  aws: 'a cloud account',
  az: 'a cloud account',
  gcloud: 'a cloud account',
};

/**
 * Why a script cannot run here: it calls a program of the list above, at the start of a line, that this machine has not.
 */
export function findMissingTool(
  script: string,
  find: (command: string) => string | undefined,
): string | undefined {
  for (const line of script.replaceAll('\\\n', ' ').split('\n')) {
    const command = /^\s*(?:[A-Za-z_]\w*=\S*\s+)*([\w-]+)/.exec(line)?.[1];
    if (command && Object.hasOwn(tools, command) && !find(command)) {
      return `\`${command}\` needs ${tools[command]}, which the local platform does not have`;
    }
  }
  return undefined;
}
