// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** What a process says when the processor or the GPU does not fit. */
export const gpuCauses: readonly Cause[] = [
  {
    any: ['exec format error'],
    words:
      "the program was built for another processor architecture than the node's (exec format error)",
    next: 'Use an image for the architecture of the node (arm64 or amd64), or run it on other nodes.',
  },
  {
    any: [
      'cuda out of memory',
      'outofmemoryerror: cuda',
      'torch.outofmemoryerror',
      'cuda error: out of memory',
      'cuda_error_out_of_memory',
      'hip out of memory',
      'cublas_status_alloc_failed',
      'cudamalloc failed',
    ],
    words: 'the GPU has too little memory for the model (CUDA out of memory)',
    next: 'Use a GPU with more memory or more GPUs (tensor parallelism), a smaller or quantised model, or a shorter context (--max-model-len).',
  },
  {
    any: [
      'no available memory for the cache blocks',
      'kv cache is needed',
      'stored in kv cache',
      'kv cache memory',
      'less than desired gpu memory utilization',
    ],
    words: 'the GPU has too little memory left for the KV cache',
    next: 'Lower --max-model-len, raise --gpu-memory-utilization, or use a larger GPU or several.',
  },
  {
    any: [
      'failed to infer device type',
      'no cuda gpus are available',
      'found no nvidia driver',
      'cuda driver version is insufficient',
      'libcuda.so',
      'no cuda-capable device',
      'nvidia driver on your system is too old',
      'cuda initialization',
      'cudagetdevicecount',
      'cuda is not available',
      'torch not compiled with cuda',
      'no gpu found',
      'libcudart.so',
      'unable to initialize nvml',
      'cuda_error_no_device',
      'on a cuda device but',
      'nvml_success',
    ],
    words: 'the process finds no GPU or driver that it can use',
    next: 'Request the GPU (nvidia.com/gpu), run it on a node with a driver that fits the image, or use the CPU image.',
  },
  {
    any: ['compute capability', 'no kernel image is available'],
    words:
      'the GPU is too old for this image or data type (compute capability)',
    next: 'Use another dtype (--dtype=half), another image, or a newer GPU.',
  },
];

/** What a process says when the machine under it does not fit. */
export const machineCauses: readonly Cause[] = [
  {
    any: [
      'ncclsystemerror',
      'ncclunhandledcudaerror',
      'nccl error',
      'distnetworkerror',
      'distbackenderror',
      'placement group',
      'ray cluster',
      'world size',
      'client socket has timed out',
    ],
    words:
      'the processes of the model on several GPUs or nodes do not find each other',
    next: 'Check shared memory (/dev/shm), the network between the pods, and as many GPUs as the parallelism asks for.',
  },
  {
    any: [
      'java heap space',
      'gc overhead limit exceeded',
      'java.lang.outofmemoryerror',
    ],
    words: 'the Java heap is too small (out of memory)',
    next: 'Raise -Xmx and the memory limit.',
  },
  {
    any: [
      'memoryerror',
      'cannot allocate memory',
      'std::bad_alloc',
      'unable to allocate',
      'resource_exhausted',
      'oom when allocating',
      'out of memory',
      'defaultcpuallocator',
    ],
    words: 'the process ran out of memory',
    next: "Raise the container's memory limit.",
  },
  {
    any: ['illegal instruction', 'avx2', 'cpu instructions'],
    words: "the program uses instructions that the node's processor lacks",
    next: 'Run it on newer nodes, or use an image built for this processor.',
  },
  {
    any: ['insufficient shared memory', 'bus error', '/dev/shm'],
    words: 'there is too little shared memory (/dev/shm)',
    next: 'Mount an emptyDir of medium Memory at /dev/shm.',
  },
  {
    any: ['address already in use', 'eaddrinuse', 'failed to bind', 'errno 98'],
    words: 'the port that the server wants is taken in its pod',
    next: 'Give each container of the pod its own port.',
  },
  {
    any: [
      'too many open files',
      "can't start new thread",
      'pthread_create failed',
      'resource temporarily unavailable',
    ],
    words: 'a limit of the system (threads or files) is too low',
    next: 'Raise the limit (ulimit, pids) of the node, or start fewer workers.',
  },
  {
    any: [
      'double free or corruption',
      'corrupted size vs. prev_size',
      'free(): invalid',
      'malloc(): ',
      'stack smashing detected',
    ],
    words: 'the process corrupted its own memory and aborted itself',
    next: 'Use versions of server and libraries that fit each other: this is a defect of one of them.',
  },
];
