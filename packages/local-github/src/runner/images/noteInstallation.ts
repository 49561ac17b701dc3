// SPDX-License-Identifier: Apache-2.0
import type { BuildStage } from './BuildStage';

const INSTALLS = /(?:^|[\s/])(?:pip3?\s+install|uv\s+pip\s+(?:install|sync))\s/;
const MAKES_ENVIRONMENT = /(?:-m\s+venv|uv\s+venv)\s/;

/** Reads from a RUN step, without running it, what pip or uv would have installed from, and into which environment. */
export function noteInstallation(text: string, stage: BuildStage): void {
  // The parser leaves comments between continued lines where they are.
  const lines = text.split('\n');
  const bare = lines
    .map((line, index) => withoutComment(line, index === lines.length - 1))
    .join('');
  for (const command of bare.split(/&&|;|\|\||\n/)) {
    const words = command
      .split(/\s+/)
      .filter(word => word !== '' && word !== '\\');
    if (INSTALLS.test(` ${command} `)) {
      const isSync = words.includes('sync');
      for (const [index, word] of words.entries()) {
        const named = /^(?:--requirements?|-r)=?(.*)$/.exec(word);
        const file = named?.[1] || (named ? words[index + 1] : undefined);
        const lock = isSync && /\.(lock|txt)$/.test(word) ? word : undefined;
        note(file ?? lock, stage);
      }
    } else if (MAKES_ENVIRONMENT.test(` ${command} `)) {
      const folder = words
        .slice(words.indexOf('venv') + 1)
        .findLast(word => !word.startsWith('-'));
      stage.venv = folder && `/${stage.resolve(folder)}`;
    }
  }
}

/** A comment goes with its line's end, as the line goes on below. */
function withoutComment(line: string, isLast: boolean): string {
  const at = line.startsWith('#') ? 0 : line.search(/\s#/);
  if (isLast) {
    return line;
  }
  return at < 0 ? `${line}\n` : `${line.slice(0, at)} `;
}

function note(file: string | undefined, stage: BuildStage): void {
  const name = file && stage.resolve(file);
  const entry = name ? stage.files.get(name) : undefined;
  if (name && entry?.kind === 'file') {
    stage.requirements.set(name, entry);
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    for (const [other, wheel] of stage.files) {
      if (other.startsWith(folder) && other.endsWith('.whl')) {
        stage.wheels.set(other.slice(folder.length), wheel);
      }
    }
  }
}
