// SPDX-License-Identifier: Apache-2.0
import type { MappedAction } from '../execution/stepTypes';
import { cache, cacheRestore, cacheSave } from './cache';
import { checkout } from './checkout';
import { createGithubAppToken } from './createGithubAppToken';
import { dockerBuildPush } from './docker/dockerBuildPush';
import { dockerLogin } from './docker/dockerLogin';
import { dockerMetadata } from './docker/dockerMetadata';
import { setupBuildx, setupQemu } from './docker/setUpDocker';
import { downloadArtifact } from './downloadArtifact';
import { setupGo } from './setupGo';
import { setupPython } from './setupPython';
import { setupUv } from './setupUv';
import { uploadArtifact } from './uploadArtifact';

/** Well-known actions and their local equivalents, by lower-case name without the version. */
export const mappedActions = new Map<string, MappedAction>([
  ['actions/checkout', checkout],
  ['actions/setup-go', setupGo],
  ['actions/setup-python', setupPython],
  ['astral-sh/setup-uv', setupUv],
  ['actions/upload-artifact', uploadArtifact],
  ['actions/download-artifact', downloadArtifact],
  ['actions/cache', cache],
  ['actions/cache/restore', cacheRestore],
  ['actions/cache/save', cacheSave],
  ['actions/create-github-app-token', createGithubAppToken],
  ['docker/setup-buildx-action', setupBuildx],
  ['docker/setup-qemu-action', setupQemu],
  ['docker/login-action', dockerLogin],
  ['docker/metadata-action', dockerMetadata],
  ['docker/build-push-action', dockerBuildPush],
]);
