// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../bootstrap/Problem.mjs';
import { ensureLockedEnvironment } from '../../../bootstrap/pythonEnvironment.mjs';
import type { Python } from '../../../bootstrap/python.mjs';

/** What environments are made with. */
export interface PythonEnvironmentsOptions {
  /** Path of uv. */
  uv: string;
  python: Python;
  /** Holds `envs/` and uv's own cache. */
  cacheDir: string;
}

const REQUIREMENTS_LABEL = 'dev.greenroom.python.requirements';
const VENV_LABEL = 'dev.greenroom.python.venv';
const DEFAULT_PLACE = '/.greenroom/python/venv';
/** Begins the names of the folders, beside the platform's own environments. */
const NAME = 'image';
const OWN_NAME = /^image-[0-9a-f]{16}$/;
const UNUSED_MS = 7 * 24 * 3600_000;

/** Folders in which an image that has Python would have its programs. */
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

type Labels = Record<string, string>;

/**
 * The Python environments of images: one for each lock file and Python, shared by all images with the same. An image finds it
 * as a link at the place where its Dockerfile would have made it.
 */
export class PythonEnvironments {
  readonly #options: PythonEnvironmentsOptions;

  constructor(options: PythonEnvironmentsOptions) {
    this.#options = options;
  }

  /** Where an image's environment is, as a path of the image; undefined for an image that names none. */
  placeIn(labels: Labels): string | undefined {
    if (!labels[REQUIREMENTS_LABEL]) {
      return undefined;
    }
    const wanted = labels[VENV_LABEL] ?? DEFAULT_PLACE;
    return path.posix.resolve('/', wanted);
  }

  /** Makes, or finds, the environment of an unpacked image's lock files, and links it into the image. */
  async provide(root: string, labels: Labels): Promise<void> {
    const place = this.placeIn(labels);
    if (!place || place === '/') {
      return;
    }
    const names = labels[REQUIREMENTS_LABEL].split(',');
    const text = names.map(name => readInside(root, name)).join('\n');
    // Of its own, so that the wheels of one image are not those of another.
    const folder = fs.mkdtempSync(path.join(path.dirname(root), 'python-'));
    const lock = path.join(folder, 'requirements.lock');
    fs.writeFileSync(lock, text);
    let environment: string;
    try {
      for (const name of names) {
        copyWheels(root, name, folder);
      }
      environment = await ensureLockedEnvironment({
        ...this.#options,
        name: NAME,
        lock,
      });
    } catch (error) {
      throw new Error(
        `failed to make the Python environment of ${names.join(', ')}: ${describe(error)}`,
        { cause: error },
      );
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    const link = path.join(root, place);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    if (
      !fs.realpathSync(path.dirname(link)).startsWith(fs.realpathSync(root))
    ) {
      throw new Error(`"${place}" leads out of the image`);
    }
    fs.rmSync(link, { recursive: true, force: true });
    fs.symlinkSync(environment, link);
  }

  /** Whether what {@link provide} has made is there still. */
  isProvided(root: string, labels: Labels): boolean {
    const place = this.placeIn(labels);
    return !place || fs.existsSync(path.join(root, place, 'pyvenv.cfg'));
  }

  /** A command that names a program by the folder where a base image would have had it. */
  adapt(command: string[], root: string, place: string): string[] {
    const [program = '', ...rest] = command;
    const name = path.posix.basename(program);
    const isThere =
      SYSTEM_FOLDERS.includes(path.posix.dirname(program)) &&
      !fs.existsSync(path.join(root, program)) &&
      fs.existsSync(path.join(root, place, 'bin', name));
    return isThere ? [`${place}/bin/${name}`, ...rest] : command;
  }

  /**
   * Removes environments that nobody has used for a week: another state folder of this machine may have images with them.
   *
   * @param images - the images of this one, whose environments are used
   */
  removeUnused(images: { root: string; labels: Labels }[]): void {
    for (const { root, labels } of images) {
      const place = this.placeIn(labels);
      const link = place && path.join(root, place);
      if (link && fs.existsSync(link)) {
        fs.utimesSync(fs.realpathSync(link), new Date(), new Date());
      }
    }
    const folder = path.join(this.#options.cacheDir, 'envs');
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
      const environment = path.join(folder, name);
      if (
        OWN_NAME.test(name) &&
        Date.now() - fs.statSync(environment).mtimeMs > UNUSED_MS
      ) {
        fs.rmSync(environment, { recursive: true, force: true });
      }
    }
  }
}

/** Copies what a lock file names by `./` from beside it in the image into a folder. */
function copyWheels(root: string, name: string, folder: string): void {
  const lock = readInside(root, name).toString();
  for (const [, wheel] of lock.matchAll(/^\.\/([\w.+/-]{1,200}\.whl)\b/gm)) {
    const target = path.join(folder, wheel);
    if (!target.startsWith(`${folder}${path.sep}`)) {
      throw new Error(`"${wheel}" leads out of the image`);
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const source = path.posix.join(path.posix.dirname(name), wheel);
    fs.writeFileSync(target, readInside(root, source));
  }
}

function readInside(root: string, name: string): Buffer {
  const file = fs.realpathSync(path.join(root, path.posix.resolve('/', name)));
  if (!file.startsWith(`${fs.realpathSync(root)}${path.sep}`)) {
    throw new Error(`"${name}" leads out of the image`);
  }
  return fs.readFileSync(file);
}

function describe(error: unknown): string {
  if (error instanceof Problem) {
    return [error.message, ...error.detail].join(' ').replace(/\s+/g, ' ');
  }
  return error instanceof Error ? error.message : String(error);
}
