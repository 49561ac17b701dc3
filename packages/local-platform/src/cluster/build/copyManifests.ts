// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';

/** Out of which module which folder comes to lie where below `manifests/`. */
const SOURCES: { module: string; from: string; to: string }[] = [
  ...['crd/minimal', 'crd/full'].map(from => ({
    module: 'github.com/kserve/kserve',
    from: `config/${from}`,
    to: `kserve/${from.replace('/', '-')}`,
  })),
  ...['rbac', 'configmap', 'webhook', 'storagecontainers'].map(from => ({
    module: 'github.com/kserve/kserve',
    from: `config/${from}`,
    to: `kserve/${from}`,
  })),
  {
    module: 'sigs.k8s.io/gateway-api',
    from: 'config/crd/standard',
    to: 'gateway-api',
  },
  ...['crds', 'base', 'cluster-rbac'].map(from => ({
    module: 'github.com/argoproj/argo-cd/v3',
    from: `manifests/${from}`,
    to: `argocd/${from}`,
  })),
];

/** The modules whose folders `copyManifests` has to be told. */
export const MANIFEST_MODULES = [...new Set(SOURCES.map(each => each.module))];

/** Keeps the YAML of Kubernetes objects that the modules bring, as their cache goes after the build. */
export function copyManifests(
  moduleDirs: Map<string, string>,
  target: string,
): void {
  for (const { module, from, to } of SOURCES) {
    const moduleDir = moduleDirs.get(module);
    if (!moduleDir) {
      throw new Error(`The Go module ${module} was not downloaded`);
    }
    const source = path.join(moduleDir, from);
    for (const name of listYaml(source)) {
      const file = path.join(target, to, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      // Written anew, as a module cache is read-only.
      fs.writeFileSync(file, fs.readFileSync(path.join(source, name)));
    }
  }
}

function listYaml(dir: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.yaml'));
}
