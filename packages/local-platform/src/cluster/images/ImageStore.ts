// SPDX-License-Identifier: Apache-2.0

/** When an image is fetched, as in a container's `imagePullPolicy`. */
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** A user and password for a registry, from a pod's `imagePullSecrets`. */
export interface RegistryCredentials {
  /** Host and, where there is one, port of the registry. */
  registry: string;
  username: string;
  password: string;
}

/** An image that is unpacked on this machine, with what its configuration says of how it is run. */
export interface PulledImage {
  /** Digest of the manifest, `sha256:…`. */
  digest: string;
  /** Folder that holds the image's files; a path of the image is looked up below it. */
  root: string;
  /** `NAME=value`, as in an OCI image configuration. */
  env: string[];
  entrypoint: string[];
  command: string[];
  /** A path of the image; empty stands for its root. */
  workingDir: string;
  user?: string;
  /** Container ports that the image declares. */
  exposedPorts: number[];
  /** Size of the image in bytes, if known. */
  size?: number;
}

/** Why an image could not be had; the names are those of the kubelet's waiting reasons. */
export class ImagePullError extends Error {
  readonly reason:
    | 'ErrImagePull'
    | 'ErrImageNeverPull'
    | 'InvalidImageName'
    | 'RegistryUnavailable';

  constructor(
    message: string,
    reason: ImagePullError['reason'] = 'ErrImagePull',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ImagePullError';
    this.reason = reason;
  }
}

/** Where a kubelet gets images from. */
export interface ImageStore {
  /** An image that is here already and needs no pull, without asking anybody. */
  find(image: string): Promise<PulledImage | undefined>;
  /**
   * The image, pulled first where the policy wants it and it is not here.
   *
   * @throws {@link ImagePullError} when it cannot be had.
   */
  resolve(
    image: string,
    options: { pullPolicy: PullPolicy; secrets: RegistryCredentials[] },
  ): Promise<PulledImage>;
  /**
   * Makes room: removes what no container uses, but for what was pulled last.
   *
   * @param inUse - digests of the images of all containers
   */
  removeUnused?(inUse: ReadonlySet<string>): Promise<void>;
}
