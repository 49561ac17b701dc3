// SPDX-License-Identifier: Apache-2.0

/** What an OCI image configuration says of how the image is run (`config` of the image specification). */
export interface ImageConfig {
  Env: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir: string;
  User?: string;
  ExposedPorts?: Record<string, Record<string, never>>;
  Volumes?: Record<string, Record<string, never>>;
  Labels?: Record<string, string>;
  StopSignal?: string;
}

/** Lock files, as paths of the image with commas between: what the Dockerfile would have installed with pip or uv. */
export const REQUIREMENTS_LABEL = 'dev.greenroom.python.requirements';

/** Where the Dockerfile would have made the environment of {@link REQUIREMENTS_LABEL}. */
export const VENV_LABEL = 'dev.greenroom.python.venv';

/** Folder of the lock files in the image. */
export const REQUIREMENTS_FOLDER = '.greenroom/python';

/** PATH of an image that says none, as BuildKit gives it. */
export const DEFAULT_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
