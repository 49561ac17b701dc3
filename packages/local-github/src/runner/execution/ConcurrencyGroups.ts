// SPDX-License-Identifier: Apache-2.0

/** Who stands in a concurrency group: a run or a job. */
export interface GroupMember {
  /** The member may go on. */
  enter(): void;
  /** Another took its place. */
  cancel(): void;
}

interface Group {
  active: GroupMember;
  pending: GroupMember[];
}

/**
 * GitHub's concurrency groups: one member is active and one waits; a newer one takes the waiting place, and with
 * `cancel-in-progress` the active one is cancelled too. With `queue: max` all wait.
 */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  /** Joins a group; `enter` is called now or later. Names are case-insensitive. */
  join(
    name: string,
    member: GroupMember,
    options: { cancelInProgress: boolean; queueAll: boolean },
  ): void {
    const key = name.toLowerCase();
    const group = this.#groups.get(key);
    if (!group) {
      this.#groups.set(key, { active: member, pending: [] });
      member.enter();
      return;
    }
    if (!options.queueAll) {
      group.pending.splice(0).forEach(waiting => waiting.cancel());
    }
    group.pending.push(member);
    if (options.cancelInProgress) {
      group.active.cancel();
    }
  }

  /** Leaves a group; the next member enters. */
  leave(name: string, member: GroupMember): void {
    const key = name.toLowerCase();
    const group = this.#groups.get(key);
    if (!group) {
      return;
    }
    group.pending = group.pending.filter(waiting => waiting !== member);
    if (group.active !== member) {
      return;
    }
    const next = group.pending.shift();
    if (next) {
      group.active = next;
      next.enter();
    } else {
      this.#groups.delete(key);
    }
  }
}
