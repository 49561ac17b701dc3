#!/usr/bin/env bash
# Shows what the scanners found in the repository's Security tab, through GitHub's API.
set -euo pipefail

for report in sarif/*.sarif; do
  [[ -e "$report" ]] || { echo "No scanner has left a report."; exit 0; }
  gzip --stdout "$report" | base64 --wrap=0 > "$report.gz.base64"
  gh api --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" --silent \
    --field "commit_sha=$GITHUB_SHA" --field "ref=$GITHUB_REF" \
    --field "sarif=@$report.gz.base64"
  echo "Uploaded $(basename "$report")"
done
