#!/usr/bin/env bash
# Pushes the scanned images as they are and joins them to one, IMAGE:TAG. Gives its digest.
set -euo pipefail

parts=()
for layout in images/image-*; do
  part="$IMAGE:$TAG-${layout#images/image-}"
  skopeo copy --preserve-digests "oci:$layout" "docker://$part"
  parts+=("$part")
done
docker buildx imagetools create --tag "$IMAGE:$TAG" "${parts[@]}"
digest="$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$IMAGE:$TAG")"

echo "digest=$digest" >> "$GITHUB_OUTPUT"
echo "### Pushed \`$IMAGE@$digest\`" >> "$GITHUB_STEP_SUMMARY"
