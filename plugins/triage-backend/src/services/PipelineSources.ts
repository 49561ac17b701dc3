// SPDX-License-Identifier: Apache-2.0
import { NotFoundError } from '@backstage/errors';
import type { PipelineSource } from '@greenroom/plugin-triage-node';

/** The systems whose pipelines are explained, by id. */
export class PipelineSources {
  readonly #sources = new Map<string, PipelineSource>();

  add(source: PipelineSource): void {
    if (this.#sources.has(source.id)) {
      throw new Error(`There are two pipeline sources '${source.id}'`);
    }
    this.#sources.set(source.id, source);
  }

  get(id: string): PipelineSource {
    const source = this.#sources.get(id);
    if (!source) {
      throw new NotFoundError(`No module has the pipeline source '${id}'`);
    }
    return source;
  }

  list(): PipelineSource[] {
    return [...this.#sources.values()];
  }
}
