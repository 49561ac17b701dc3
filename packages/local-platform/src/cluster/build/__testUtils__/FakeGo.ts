// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from '../../../paths';

/** How the stand-in for Go behaves; read anew by each of its calls. */
export interface FakeGoBehaviour {
  /** For `go env GOVERSION`. */
  version?: string;
  /** Fails the build of this package, with these lines. */
  fail?: { at: string; lines: string[] };
  /** Waits in the build of this package until the file is gone. */
  hold?: { at: string; file: string };
}

const PROGRAM = path.join(
  PACKAGE_DIR,
  'src/cluster/build/__testUtils__/fakeGo.cjs',
);

const MODULES = [
  'github.com/kserve/kserve',
  'sigs.k8s.io/gateway-api',
  'github.com/argoproj/argo-cd/v3',
];

const FOLDERS: Record<string, string[]> = {
  'github.com/kserve/kserve': [
    'config/crd/minimal',
    'config/crd/full',
    'config/rbac',
    'config/configmap',
    'config/webhook',
    'config/storagecontainers',
  ],
  'sigs.k8s.io/gateway-api': ['config/crd/standard'],
  'github.com/argoproj/argo-cd/v3': [
    'manifests/crds',
    'manifests/base',
    'manifests/cluster-rbac',
  ],
};

/** A `go` on the PATH that downloads and compiles nothing, and writes down what it was asked. */
export class FakeGo {
  readonly binDir: string;
  readonly #folder: string;
  #taken = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.binDir = path.join(folder, 'bin');
    const modules = path.join(folder, 'modules');
    for (const module of MODULES) {
      for (const name of FOLDERS[module]) {
        fs.mkdirSync(path.join(modules, module, name), { recursive: true });
        fs.writeFileSync(
          path.join(modules, module, name, 'some.yaml'),
          `# ${module}/${name}\n`,
        );
      }
    }
    this.putSource('package controller // listen 0.0.0.0, once\n');
    fs.mkdirSync(this.binDir);
    this.behave({});
    fs.writeFileSync(
      path.join(this.binDir, 'go'),
      `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' '${folder}' "$@"\n`,
      { mode: 0o755 },
    );
  }

  behave(behaviour: FakeGoBehaviour): void {
    fs.writeFileSync(
      path.join(this.#folder, 'behaviour.json'),
      JSON.stringify(behaviour),
    );
  }

  /** What of Argo CD there is to compile, read-only as a module cache has it. */
  putSource(text: string): void {
    const file = path.join(
      this.#folder,
      'modules/github.com/argoproj/argo-cd/v3/controller/some.go',
    );
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, text, { mode: 0o444 });
  }

  /** The commands since the last time, one line each, for example `build ./registry`. */
  takeCalls(): string[] {
    const file = path.join(this.#folder, 'calls');
    // Not removed: a call that is being written would be lost.
    const all = fs.existsSync(file)
      ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1)
      : [];
    const calls = all.slice(this.#taken);
    this.#taken = all.length;
    return calls;
  }
}
