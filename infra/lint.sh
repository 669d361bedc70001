#!/usr/bin/env bash
# What `make lint` runs: style, types, import contracts, shell, then the template and every IAM policy in it.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '\n== %s\n' "$*"; }

step "style (ruff)"
$bin/ruff check .
$bin/ruff format --check .

step "types (mypy, strict)"
$bin/mypy
$bin/mypy infra bench tests/servers
$bin/mypy clients/python/src

step "import contracts (import-linter)"
$bin/lint-imports

step "shell scripts parse"
for script in infra/*.sh .ci/run; do bash -n "$script"; done

step "dashboard (eslint, prettier, tsc)"
$bin/python -m infra.site run lint

step "template (cfn-lint)"
$bin/python -m infra.build --target aws --stage dev
$bin/cfn-lint .build/aws/template.json

step "IAM policies (parliament)"
policy=.local/policy
stamp=$policy/.installed
if ! cmp -s requirements/policy.txt "$stamp"; then
    $bin/uv venv --quiet --clear --python $bin/python $policy
    $bin/uv pip sync --quiet --require-hashes --python $policy/bin/python requirements/policy.txt
    cp requirements/policy.txt "$stamp"
fi
PYTHONWARNINGS=ignore $policy/bin/python infra/policies.py .build/aws/template.json

step "resources (checkov)"
$policy/bin/checkov --config-file infra/checkov.yaml -f .build/aws/template.json
echo "  nothing beyond what infra/checkov.yaml and the template explain"
