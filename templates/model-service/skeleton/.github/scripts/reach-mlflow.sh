#!/usr/bin/env bash
# Ends a job at its start, with one sentence, when MLflow cannot be reached: a training
# that cannot be logged is lost. $1 says what to look at.
set -euo pipefail

uri="${MLFLOW_TRACKING_URI:-}"
if [[ -z "$uri" ]]; then
  echo "::error::MLFLOW_TRACKING_URI is not set: on GitHub it is a variable of the repository (Settings → Secrets and variables → Actions)."
  exit 1
fi
if [[ "$uri" != http://* && "$uri" != https://* ]]; then
  echo "MLflow is not asked over HTTP; nothing to reach."
  exit 0
fi

# An address may hold a password.
shown="$(sed -E 's#//[^/@]*@#//#' <<< "$uri")"
# Any answer below 500 will do: whether the credentials are right, the next step tells.
status="$(curl --silent --output /dev/null --write-out '%{http_code}' --location \
  --connect-timeout 10 --max-time 20 --retry 3 --retry-delay 2 --retry-all-errors \
  "${uri%/}/health" 2> /dev/null)" || status=000
if [[ "$status" == 000 ]]; then
  echo "::error::MLflow at $shown does not answer: start it, or correct MLFLOW_TRACKING_URI. $1"
  exit 1
elif ((10#$status >= 500)); then
  echo "::error::MLflow at $shown answers with an error (HTTP $status): look at the server and what stands before it."
  exit 1
fi
echo "MLflow at $shown answers."
