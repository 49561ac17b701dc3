// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

/** What a process or a node runs out of. */
export const RESOURCE_KINDS: LineKind[] = [
  {
    id: 'heap-fragmented',
    type: 'out-of-memory',
    pattern:
      /malloc_(?:free|trim|arena|info)\w{0,30}[=(]|malloc_trim\(|MALLOC_ARENA_MAX|(?:heap|memory|malloc|arena) (?:is )?fragment/i,
    say: 'Memory is freed by the program, but the allocator (glibc malloc) keeps it in fragmented arenas and does not give it back, so that the resident memory (RSS) grows up to the limit though nothing leaks',
    steps: [
      'Use jemalloc or tcmalloc (LD_PRELOAD), set MALLOC_ARENA_MAX=2 and MALLOC_TRIM_THRESHOLD_, or call malloc_trim; restart the process now and then until that is done.',
    ],
    weight: 8,
    appliesTo: ({ text, containers }) =>
      /memory|oom|crash|restart/i.test(text) ||
      containers.some(({ terminated }) => terminated?.reason === 'OOMKilled'),
  },
  {
    id: 'shared-memory',
    type: 'out-of-memory',
    pattern:
      /insufficient shared memory|\(shm\)|Bus error|\/dev\/shm[^\n]{0,60}(?:full|No space|too small|exceed)|[Uu]nable to (?:initialize|open|mmap|allocate|create|increase)[^\n]{0,30}shared memory|failed to create shared memory|No space left on device[^\n]{0,60}(?:shm|shared)|(?:shm|shared memory)[^\n]{0,60}No space left/,
    say: 'Shared memory: /dev/shm of the container is too small (64 MiB unless told), and workers or GPU processes that exchange data through it fail',
    steps: [
      'Mount an emptyDir with medium: Memory at /dev/shm with enough sizeLimit (and count it to the memory limit); lower the number of workers.',
    ],
    weight: 6.5,
  },
  {
    id: 'java-heap',
    type: 'out-of-memory',
    pattern:
      /java\.lang\.OutOfMemoryError: (?<what>[\w ]{1,80})|GC overhead limit exceeded|Java heap space|JavaScript heap out of memory|Reached heap limit/,
    say: 'The heap of the process is exhausted ({what}): its maximum (-Xmx, --max-old-space-size) is too small for what it holds',
    steps: [
      'Raise the heap within the memory limit of the container (-XX:MaxRAMPercentage), and look at a heap dump for what grows.',
    ],
    weight: 6,
  },
  {
    id: 'allocation',
    type: 'out-of-memory',
    pattern:
      /std::bad_alloc|MemoryError: Unable to allocate (?<got>[\d.]{1,10} [KMGT]i?B)|\bMemoryError\b|Cannot allocate memory|DefaultCPUAllocator: (?:can't|not enough)|OOM when allocating|Failed to allocate memory(?: for requested buffer)?|[Nn]ot enough memory|running low on memory/,
    say: 'The process could not allocate memory ({got}): what it loads or computes at once is larger than the memory that it may use',
    steps: [
      'Raise the memory limit, or process smaller batches; look at the size of input that the line names.',
    ],
    weight: 5,
  },
  {
    id: 'threads',
    type: 'infrastructure',
    pattern:
      /can't start new thread|pthread_create failed|unable to create (?:new )?native thread|fork rejected by pids controller|fork: (?:retry: )?Resource temporarily unavailable|BlockingIOError: \[Errno 11\]|OpenBLAS blas_thread_init/,
    say: 'The limit of processes and threads (pids) is reached: the container cannot start a new thread',
    steps: [
      'Lower the number of threads (OMP_NUM_THREADS, worker pools) or raise podPidsLimit/ulimit; look for threads that never end.',
    ],
    weight: 6.5,
  },
  {
    id: 'file-descriptors',
    type: 'infrastructure',
    pattern:
      /[Tt]oo many open files|\bEMFILE\b|\bENFILE\b|file descriptors? (?:limit|exhausted)|inotify (?:watch|instance)[^\n]{0,40}(?:limit|reached)|no file descriptors available/,
    say: 'The limit of open files (file descriptors, ulimit nofile) is reached: connections or files are not closed, or the limit is too small for the load, and new connections fail',
    steps: [
      'Find what leaks file descriptors (sockets that are not closed), and raise the ulimit; restart the pod for now.',
    ],
    weight: 6.5,
  },
  {
    id: 'gc-pauses',
    type: 'latency',
    pattern:
      /Pause (?:Full|Young|Remark)[^\n]{0,100} (?<got>\d{3,6}(?:\.\d{1,3})?)ms|Full GC[^\n]{0,100}|[Dd]etected (?:JVM|pause)[^\n]{0,60}pause|GC (?:pause|took)[^\n]{0,60}\b(?:\d{3,6} ?ms|\d{1,3}(?:\.\d{1,3})? ?s)\b|[Ss]top-the-world|gc time[^\n]{0,40}\d{4,}/,
    say: 'Garbage collection stops the process for long pauses ({got} ms), in which no request is answered',
    steps: [
      'Give the heap more room within the limit, or lower what is kept in memory; tune the collector.',
    ],
    weight: 5,
  },
  {
    id: 'disk-full',
    type: 'disk-full',
    pattern:
      /No space left on device|\[Errno 28\]|ENOSPC|database or disk is full|disk (?:is )?full|Disk quota exceeded|not enough (?:free )?(?:disk )?space|insufficient (?:disk )?space|out of disk space|write error: no space/,
    say: 'The disk (volume) is full: writes fail with "no space left on device"',
    steps: [
      'Free space on the volume: delete, truncate or rotate log files and old data, then resize (expand) the volume or add a retention.',
      'Move what grows, as a log file, off the volume that the data needs, and alert at 80 %.',
    ],
    weight: 6.5,
  },
  {
    id: 'ephemeral-limit',
    type: 'disk-full',
    pattern:
      /ephemeral local storage usage exceeds the total limit of containers (?<max>[\w.]{1,20})|Usage of EmptyDir volume "(?<what>[\w.-]{1,80})" exceeds the limit "(?<max2>[\w.]{1,20})"|Container (?<what2>[\w.-]{1,80}) exceeded its local ephemeral storage limit "(?<max3>[\w.]{1,20})"/,
    say: 'The pod wrote more to its ephemeral storage ({what}: emptyDir, logs, files in the container) than its limit of {max|its limit}, and the kubelet evicted it',
    steps: [
      'Write large files to a volume of their own, or raise limits.ephemeral-storage (and the sizeLimit of the emptyDir).',
    ],
    weight: 8,
  },
  {
    id: 'read-only',
    type: 'configuration',
    pattern:
      /[Rr]ead-only file ?system|EROFS|Permission denied: '(?<what>[^'\n]{1,120})'|(?:mkdir|open|create|write) (?<what2>\/[\w./-]{1,120}): permission denied|PermissionError|EACCES: permission denied/,
    say: 'The process may not write where it wants to ({what}): the file system is read-only or belongs to another user (runAsUser, fsGroup, readOnlyRootFilesystem)',
    steps: [
      'Mount a writable volume (emptyDir) at that path, or set fsGroup/runAsUser to the owner of the files.',
    ],
    weight: 5.5,
  },
  {
    id: 'queue-full',
    type: 'latency',
    pattern:
      /[Qq]ueue (?:is )?full|[Ee]xceeds maximum queue size|max(?:imum)? queue size|pending request queue full|(?:server|model) is overloaded|[Ss]erver overloaded|too many (?:pending|concurrent|queued|in-?flight) requests|has no worker to serve inference request|breaker buffer[^\n]{0,40}|backpressure|Possible SYN flooding on port|request queue[^\n]{0,40}(?:limit|exceeded)|Task queue depth is (?<got>\d{1,6})/,
    say: 'The queue of requests is full: more requests arrive than the replicas and workers can serve, so that they wait ever longer or are refused ({got})',
    steps: [
      'Add replicas or workers (autoscale on concurrency or queue length), or shed load earlier; make each request cheaper (batching).',
    ],
    weight: 5,
  },
  {
    id: 'event-loop',
    type: 'latency',
    pattern:
      /Executing <(?:Task|Handle)[^\n]{1,300} took (?<got>\d{1,5}\.\d{1,3}) seconds|event loop (?:is |was )?(?:blocked|lag|stalled|delay)|[Bb]locked for \d{1,6} ?ms|possible blocking call|synchronous call in async/,
    say: 'The event loop is blocked by synchronous work ({got} s), so that the process answers no other request and no probe meanwhile',
    steps: [
      'Move the blocking call (inference, I/O) to a thread pool or worker process; run more workers.',
    ],
    weight: 5.5,
  },
  {
    id: 'log-growth',
    type: 'disk-full',
    pattern: /(?:retention|compaction)[^\n]{0,40}(?:disabled|=false)/,
    say: 'Nothing deletes old data: retention is off',
    steps: ['Turn retention on, and delete what is older than it.'],
    weight: 2.5,
  },
  {
    id: 'worker-timeout',
    type: 'latency',
    pattern:
      /WORKER TIMEOUT|worker process died|Worker exiting|worker (?:timed out|heartbeat)|Worker died/,
    say: 'Workers do not answer their master in time and are ended',
    steps: [
      'Find what the worker waits for (py-spy dump, slow call, memory) before the time limit is raised.',
    ],
    weight: 2.5,
  },
];
