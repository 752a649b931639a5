#!/usr/bin/env bash
#
# The GPUs of this node as Spark wants to read them: {"name": "gpu", "addresses": ["0", "1"]}.
# Give it to workers as spark.worker.resource.gpu.discoveryScript.
set -euo pipefail

addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
