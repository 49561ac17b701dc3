// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';

/** What the machine that runs the program lacks: no test and no training is at fault. */
export const environmentLines: LineRule[] = [
  {
    id: 'binary-mismatch',
    type: 'build',
    reason:
      'A compiled library was built for other versions than those that are installed.',
    advice:
      'Pin the two packages to versions that were built for each other, and install them anew.',
    pattern:
      /may indicate binary incompatibility|module compiled against (?:ABI|API) version|A module that was compiled using NumPy|undefined symbol: |version `(?:GLIBC|GLIBCXX|CXXABI)_[\d.]{1,20}' not found|numpy\.(?:dtype|ufunc) size changed|_ARRAY_API not found|incompatible architecture|wrong ELF class|exec format error|Symbol not found: |NODE_MODULE_VERSION \d|was compiled against a different Node\.js/,
    scope: 'step',
  },
  {
    id: 'missing-library',
    type: 'build',
    reason: 'A system library is not installed where the program runs.',
    advice:
      'Install the library that the line names where the job runs (workflow or image), or take a package that brings it.',
    pattern:
      /cannot open shared object file|error while loading shared libraries|Library not loaded: |DLL load failed|Could not (?:load|find) (?:the )?(?:native |shared )?library|Unable to load native library|OSError: \S{1,100}: cannot open/,
    scope: 'step',
  },
  {
    id: 'missing-resource',
    type: 'build',
    reason:
      'A model, browser or data file that the program needs is not installed with it.',
    advice:
      'Install or download what the line names in a step before, and cache it.',
    pattern:
      /Can't find model '|Executable doesn't exist at|Could not find (?:Chrome|Chromium|browser)|Please use the NLTK Downloader|Resource .{1,60} not found\.$|(?:Chrome|chromium|Firefox|geckodriver|chromedriver).{0,40}(?:not found|cannot be found)/,
    scope: 'step',
  },
  {
    id: 'worker-crashed',
    type: 'infrastructure',
    transient: true,
    reason: 'A worker process ended in the middle of its work.',
    advice:
      'Look at what the work needed (memory, threads, native libraries): a worker that is killed says nothing of itself.',
    pattern:
      /worker '?gw\d{1,3}'? crashed|node down: Not properly terminated|[Ww]orker process.{0,60}(?:terminated|crashed|killed)|A worker (?:process )?(?:has )?(?:died|crashed|stopped)|The forked VM terminated without/,
    scope: 'near',
  },
  {
    id: 'tool-timeout',
    type: 'timeout',
    reason: 'The tool gave itself less time than it needed.',
    advice: 'Raise the time limit of the tool, or give it less to do.',
    pattern:
      /\btimeout: context deadline exceeded|[Ii]ncrease (?:the )?`?--?timeout|--timeout value/,
    scope: 'near',
  },
  {
    id: 'no-gpu',
    type: 'infrastructure',
    reason: 'The machine has no GPU that the program can use.',
    advice:
      'Run the job on a machine with a GPU and a driver that fits, or skip what needs one.',
    pattern:
      /No CUDA GPUs are available|no CUDA-capable device|Found no NVIDIA driver|CUDA driver version is insufficient|Torch not compiled with CUDA|could not select device driver|No devices were found|NVIDIA-SMI has failed|CUDA (?:is not available|unknown error)|libcuda\.so\.1|CUDA error: (?:no kernel image|invalid device ordinal)|Failed to initialize NVML/,
    scope: 'step',
  },
  {
    id: 'shared-memory',
    type: 'out-of-memory',
    reason: 'The shared memory of the container is too small.',
    advice:
      'Give the container more shared memory (`--shm-size`, `/dev/shm`), or use fewer workers.',
    pattern:
      /insufficient shared memory|killed by signal: Bus error|Bus error\b/,
    scope: 'near',
  },
];
