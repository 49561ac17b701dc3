// SPDX-License-Identifier: Apache-2.0
import { BuildProgress, BuildReport } from './BuildProgress';

const STEPS = [
  { title: 'Go', work: 60 },
  { title: 'Kubernetes', work: 600 },
  { title: 'Argo CD', work: 120 },
];

function begin(cores: number) {
  let now = 0;
  const reports: BuildReport[] = [];
  const progress = new BuildProgress({
    steps: STEPS,
    cores,
    report: report => reports.push(report),
    now: () => now * 1000,
  });
  return {
    progress,
    last: () => reports.at(-1),
    at: (seconds: number) => {
      now = seconds;
    },
  };
}

describe('BuildProgress', () => {
  it('guesses by the cores at first, then goes by the speed so far', () => {
    const { progress, last, at } = begin(2);
    progress.begin(0);
    // 780 seconds of work on two cores.
    expect(last()).toEqual({ step: 1, of: 3, detail: 'Go', minutesLeft: 7 });
    at(120);
    progress.advance(0.5, 'half');
    // 30 in 120 s: a quarter of a core, and 750 are left.
    expect(last()).toMatchObject({ step: 1, minutesLeft: 50 });
    progress.begin(1);
    at(520);
    progress.advance(0.5, '5 of 10 packages');
    // 330 in 520 s, 420 are left: 662 s.
    expect(last()).toEqual({
      step: 2,
      of: 3,
      detail: 'Kubernetes, 5 of 10 packages',
      minutesLeft: 12,
    });
  });

  it('takes what an earlier build has done for work, not for speed', () => {
    const { progress, last, at } = begin(1);
    progress.begin(0);
    progress.found(1);
    progress.begin(1);
    at(100);
    progress.found(0.5);
    at(700);
    progress.advance(0.75, 'x');
    // 150 in 600 s, 150 + 120 are left: 1080 s.
    expect(last()?.minutesLeft).toBe(18);
  });

  it('never promises less than a minute', () => {
    const { progress, last, at } = begin(8);
    progress.begin(2);
    at(500);
    progress.advance(1, 'x');
    expect(last()?.minutesLeft).toBe(1);
  });
});
