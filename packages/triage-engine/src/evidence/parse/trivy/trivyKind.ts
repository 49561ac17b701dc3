// SPDX-License-Identifier: Apache-2.0

/** Of operating systems' packages, where Trivy says no class. */
const OS =
  /^(?:alpine|alma|almalinux|amazon|azurelinux|bottlerocket|cbl-mariner|centos|chainguard|debian|echo|fedora|mariner|minimos|opensuse.*|oracle|photon|redhat|rocky|sles|slem|suse.*|ubuntu|wolfi)$/;
/** Libraries that are installed, as in an image, not named by a lock file. */
const INSTALLED =
  /^(?:python-pkg|conda-pkg|node-pkg|gemspec|jar|gobinary|rustbinary|php-installed|dotnet-deps|bitnami)$/;

/**
 * Whether a vulnerability is the image's, or of a library that the repository
 * asks for: by the artifact, else by the class and type of the result.
 */
export function trivyKind(
  artifact: string,
  resultClass: string,
  type: string,
): 'sca' | 'container-cve' {
  if (artifact === 'container_image' || resultClass === 'os-pkgs') {
    return 'container-cve';
  }
  const isInstalled = artifact === '' && INSTALLED.test(type);
  return OS.test(type) || isInstalled ? 'container-cve' : 'sca';
}
