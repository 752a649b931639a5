#!/usr/bin/env bash
#
# Pretends that this node has GPUs, to try a cluster's scheduling on machines without any (then
# run with --device cpu). FAKE_GPUS in the worker's environment lists their addresses.
set -euo pipefail

echo "{\"name\": \"gpu\", \"addresses\": [\"${FAKE_GPUS:-0}\"]}" | sed 's/,\([0-9]\)/","\1/g'
