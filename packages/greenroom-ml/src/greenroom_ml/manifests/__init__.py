"""The files of infra-manifests, and who may be faster in writing them."""
