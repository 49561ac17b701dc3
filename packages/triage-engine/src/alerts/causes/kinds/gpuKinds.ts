// SPDX-License-Identifier: Apache-2.0
import { at } from '../../read/json';
import type { LineKind } from '../types';

const REPLACE = [
  'Cordon and drain the node, so that pods move to another node; reset the GPU or reboot, and replace it (RMA) if the error comes again.',
  'Alert on Xid errors by themselves, so that a broken GPU is taken out before pods land on it.',
];

const DRIVER = [
  'Bring the driver of the node and the CUDA version of the image together: upgrade the driver (or reboot the node after its upgrade), or use an image for the older CUDA.',
  'Cordon the node and move the pod to another node until then.',
];

/** GPUs: hardware, drivers, communication. */
export const GPU_KINDS: LineKind[] = [
  {
    id: 'gpu-lost',
    type: 'hardware',
    pattern:
      /Xid \(PCI:(?<pci>[0-9a-fA-F:.]{4,20})\): (?<code>79|119|120|154)\b|GPU has fallen off the bus|GPU is lost|Unable to determine the device handle for GPU ?(?<pci2>[0-9A-Fa-f:.]{0,20})/,
    say: 'GPU hardware failure: the GPU {pci} fell off the bus (Xid {code}) and is lost to the node, so that the process died and cannot start again with all its GPUs',
    steps: REPLACE,
    weight: 8,
    also: /invalid device ordinal|unspecified launch failure|CUDA error|Unable to determine the device handle|no healthy devices/,
  },
  {
    id: 'gpu-ecc',
    type: 'hardware',
    pattern:
      /Xid \(PCI:(?<pci>[0-9a-fA-F:.]{4,20})\): (?<code>48|63|64|74|92|94|95)\b|uncorrectable (?:NVLink |ECC )error|ECC (?:error|page retirement)|[Dd]ouble [Bb]it (?:ECC )?[Ee]rror|row remap(?:ping|per)? (?:failure|pending)/,
    say: 'GPU hardware failure: the GPU {pci} reports uncorrectable ECC memory or NVLink errors (Xid {code}), which end the processes that use it',
    steps: REPLACE,
    weight: 8,
  },
  {
    id: 'gpu-xid',
    type: 'hardware',
    pattern: /Xid \(PCI:(?<pci>[0-9a-fA-F:.]{4,20})\): (?<code>\d{1,4})\b/,
    say: 'The driver reports Xid {code} on the GPU {pci}: a fault of the GPU or of what the process did on it',
    steps: REPLACE,
    weight: 5.5,
  },
  {
    id: 'gpu-driver',
    type: 'infrastructure',
    pattern:
      /[Dd]river\/library version mismatch|NVRM: API mismatch|CUDA driver version is insufficient for CUDA runtime version|NVIDIA driver on your system is too old|forward compatibility was attempted on non supported HW|unsupported display driver \/ cuda driver combination|requirement error: unsatisfied condition: cuda ?>= ?(?<what>[\d.]{1,6})|the provided PTX was compiled with an unsupported toolchain/,
    say: 'The NVIDIA driver of the node does not match the CUDA version of the image or its own library (driver/library version mismatch, {what}), so that CUDA cannot be initialised',
    steps: DRIVER,
    weight: 7,
    // Servers that can do without say the same where there is none.
    appliesTo: ({ containers, objects }) =>
      objects.length === 0 ||
      containers.some(({ spec }) =>
        JSON.stringify(at(spec, 'resources') ?? '').includes('gpu'),
      ) ||
      containers.every(({ isReady }) => isReady !== true),
  },
  {
    id: 'gpu-cgroup',
    type: 'infrastructure',
    pattern: /Failed to initialize NVML: Unknown Error/,
    say: 'The running container lost access to its GPUs (NVML: Unknown Error): systemd reloaded the cgroup of the container, for example after a daemon-reload or a driver update on the node',
    steps: [
      'Delete the pod so that it starts anew with its devices; use cgroupfs or the CDI mode of the NVIDIA toolkit so that a daemon-reload does not take them away.',
    ],
    weight: 7,
  },
  {
    id: 'gpu-architecture',
    type: 'configuration',
    pattern:
      /no kernel image is available for execution on the device|with CUDA capability sm_(?<what>\d{2,3}) is not compatible|only supported on GPUs with compute capability/,
    say: 'The image is not built for this type of GPU (compute capability sm_{what}): its kernels do not run on the device of the node it was scheduled to',
    steps: [
      'Use an image built for the compute capability of that GPU, or pin the pod to nodes with the GPU type it was built for (nodeSelector).',
    ],
    weight: 7,
  },
  {
    id: 'gpu-missing',
    type: 'hardware',
    pattern:
      /no CUDA-capable device is detected|No CUDA GPUs are available|Found no NVIDIA driver|invalid device ordinal|no healthy devices present|cannot allocate unhealthy devices|could not select device driver|libcuda\.so\.1: cannot open shared object|Torch not compiled with CUDA enabled|CUDAExecutionProvider[^\n]{0,60}(?:not available|not in available)|[Ff]all(?:ing)? back to (?:the )?CPU/,
    say: 'The container has no usable GPU (missing or unhealthy device, driver or device plugin), so that it fails or falls back to the CPU',
    steps: [
      'Check the device plugin and the driver on the node, and that the container requests nvidia.com/gpu.',
      'Cordon the node and move the pod to another node.',
    ],
    weight: 5.5,
    // Without a GPU asked for, a container runs on the CPU as it should.
    appliesTo: ({ containers, text }) =>
      /gpu|cuda/i.test(text) ||
      containers.some(
        ({ spec, isOfSubject }) =>
          isOfSubject && /\.com\/(?:gpu|mig)/.test(JSON.stringify(spec)),
      ),
  },
  {
    id: 'nccl',
    type: 'network',
    pattern:
      /ncclSystemError|ncclInternalError|ncclRemoteError|ncclUnhandledCudaError|NCCL error(?: in|:)|NCCL WARN (?<what>[^\n]{1,100})/,
    say: 'The processes of the model cannot communicate over NCCL ({what}): a rank failed or hangs, or the interface, shared memory or NVLink between the GPUs does not work',
    steps: [
      'Look at the rank that stopped first; check NCCL_SOCKET_IFNAME, /dev/shm size and P2P/NVLink between the GPUs.',
    ],
    weight: 5,
  },
  {
    id: 'collective-timeout',
    type: 'network',
    pattern:
      /Watchdog caught collective operation timeout|NCCL (?:communicator|operation)[^\n]{0,60}(?:timed out|timeout|aborted)/,
    say: 'A collective operation of NCCL timed out: one of the ranks did not take part in it, and the watchdog ended the others',
    steps: [
      'Find what the rank that did not take part was doing (NCCL_DEBUG=INFO, a stack dump of each process) when it hangs again.',
    ],
    // That one hangs is seen, not why.
    weight: 3.5,
  },
  {
    id: 'gpu-provider-missing',
    type: 'configuration',
    pattern:
      /(?<what>lib(?:cublas|cudnn|cudart|cufft|curand|nvinfer|nvrtc|amdhip)\w{0,20}\.so[.\d]{0,12}): cannot open shared object|Failed to create (?<what2>(?:CUDA|Tensorrt|ROCM)ExecutionProvider)|Unable to load any of \{(?<what4>lib\w{1,40}\.so[.\d]{0,12})|Cannot load symbol (?<what5>cu(?:dnn|blas|da)\w{1,60})|Could not load library (?<what6>lib\w{1,40}\.so[.\d]{0,12})|Could not load dynamic library '(?<what3>lib(?:cu|nv)[^'\n]{1,60})'/,
    say: 'The GPU libraries of the image do not fit the runtime: {what|the provider} (CUDA) cannot be loaded, so that the model falls back to the CPU or the process ends',
    steps: [
      'Build the image with the CUDA and cuDNN versions that the runtime (onnxruntime-gpu, TensorFlow, PyTorch) was built for, and let the start fail where the GPU provider is missing.',
    ],
    weight: 6,
  },
  {
    id: 'kv-cache',
    type: 'out-of-memory',
    pattern:
      /No available memory for the cache blocks|(?:larger|greater) than the (?:maximum number of tokens that can be stored in|available) KV cache|KV cache (?:is needed|memory)[^\n]{0,60}(?:larger|exceed)/,
    say: 'GPU memory: after the weights too little GPU memory is left for the KV cache at this max_model_len and gpu_memory_utilization, so that the engine does not start',
    steps: [
      'Lower max_model_len, raise gpu_memory_utilization, use more GPUs (tensor parallel) or a quantised model; free GPU memory that others hold.',
    ],
    weight: 7,
  },
  {
    id: 'kv-preemption',
    type: 'latency',
    pattern:
      /is preempted by PreemptionMode|not enough KV cache space|KV cache usage: (?:9[5-9]|100)[\d.]{0,3}%|KV cache (?:is )?(?:full|exhausted)/,
    say: 'The KV cache is exhausted: running requests are preempted and recomputed, and new ones wait in the queue, so that latency rises',
    steps: [
      'Lower max_num_seqs or the context length, raise gpu_memory_utilization, or add replicas or GPUs.',
    ],
    weight: 6,
  },
  {
    id: 'gpu-thermal',
    type: 'hardware',
    pattern:
      /(?:HW|SW) (?:Thermal )?Slowdown: Active|thermal (?:throttl|slowdown|violation|shutdown)\w{0,4}|GPU (?:over)?temperature/i,
    say: 'The GPU is too hot and lowers its clocks (thermal throttling), so that each request takes longer',
    steps: [
      'Check cooling, fans and power cap of the node; drain it and move the pods to another node until it is repaired.',
    ],
    weight: 6,
  },
  {
    id: 'cuda-fault',
    type: 'crash-loop',
    pattern:
      /an illegal memory access was encountered|unspecified launch failure|device-side assert triggered|CUDNN_STATUS_\w{1,40}|CUBLAS_STATUS_(?!ALLOC)\w{1,40}/,
    say: 'A CUDA kernel of the process fails, which ends the CUDA context and the process',
    steps: [
      'Look for Xid errors of that node at the same time; run once with CUDA_LAUNCH_BLOCKING=1 to find the kernel.',
      'Roll back the last change of image, model or engine flags.',
    ],
    weight: 3.5,
  },
];
