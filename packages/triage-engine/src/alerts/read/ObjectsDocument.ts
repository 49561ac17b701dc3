// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import { describeEvent, describeObject } from './describeObject';
import type { KubeObject } from './readObjects';

/** What objects are called as a source of evidence. */
export const OBJECTS = 'objects';
const MAX_LINES = 20_000;

/** All objects as lines, objects before events. */
export class ObjectsDocument {
  readonly lines: string[] = [];
  readonly #places = new Map<KubeObject, [from: number, to: number]>();

  constructor(objects: KubeObject[]) {
    const isEvent = ({ kind }: KubeObject) => kind === 'Event';
    const sorted = [
      ...objects.filter(each => !isEvent(each)),
      ...objects.filter(isEvent),
    ];
    for (const object of sorted) {
      const described = isEvent(object)
        ? [describeEvent(object)]
        : describeObject(object);
      const from = this.lines.length;
      if (from + described.length > MAX_LINES) {
        continue;
      }
      this.lines.push(...described);
      this.#places.set(object, [from, this.lines.length]);
    }
  }

  /** The first line of an object that holds all of these words. */
  find(object: KubeObject | undefined, ...words: string[]): Evidence[] {
    const [from, to] = (object && this.#places.get(object)) ?? [0, 0];
    for (let at = from; at < to; at++) {
      if (words.every(word => this.lines[at].includes(word))) {
        return [{ source: OBJECTS, line: at + 1, quote: this.lines[at] }];
      }
    }
    return [];
  }

  /** The numbers of an object's lines, from 1. */
  numbersOf(object: KubeObject): number[] {
    const [from, to] = this.#places.get(object) ?? [0, 0];
    return Array.from({ length: to - from }, (_, index) => from + index + 1);
  }
}
