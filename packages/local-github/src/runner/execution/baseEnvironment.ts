// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What a job sees of the machine: where tools are, what language, and how packages are fetched. Nothing else. */
const allowed = [
  /^PATH$/,
  /^LANG$/,
  /^LC_/,
  /^TZ$/,
  /^SSL_CERT_(FILE|DIR)$/,
  /^(REQUESTS|CURL)_CA_BUNDLE$/,
  /^NODE_EXTRA_CA_CERTS$/,
  /^GIT_SSL_CAINFO$/,
  /^(HTTPS?|NO|ALL)_PROXY$/i,
  /^PIP_/,
  // Fetching, never publishing.
  /^UV_(?!PUBLISH_)/,
  /^GO(PROXY|NOPROXY|PRIVATE|SUMDB|NOSUMDB|INSECURE|TOOLCHAIN)$/,
];

/** The environment of the process that the runner lives in, cut down to what a job may have. */
export function baseEnvironment(
  parent: NodeJS.ProcessEnv,
  uvCacheDir: string,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && allowed.some(pattern => pattern.test(name))) {
      environment[name] = value;
    }
  }
  const configHome =
    parent.XDG_CONFIG_HOME ?? path.join(os.homedir(), '.config');
  // The job has a home folder of its own, so the person's package indexes have to be pointed at.
  const files = [
    ['PIP_CONFIG_FILE', path.join(configHome, 'pip', 'pip.conf')],
    ['PIP_CONFIG_FILE', path.join(os.homedir(), '.pip', 'pip.conf')],
    ['UV_CONFIG_FILE', path.join(configHome, 'uv', 'uv.toml')],
    ['GOENV', path.join(configHome, 'go', 'env')],
  ];
  for (const [name, file] of files) {
    if (environment[name] === undefined && existsSync(file)) {
      environment[name] = file;
    }
  }
  environment.UV_CACHE_DIR = uvCacheDir;
  return environment;
}

/** Passwords inside the package index settings: a job may use them, its log must not show them. */
export function indexPasswords(environment: Record<string, string>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    /_(PASSWORD|TOKEN)$/.test(name)
      ? [value]
      : [...value.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/g)].map(
          match => match[1],
        ),
  );
}
