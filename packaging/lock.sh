#!/bin/sh
# Renews the locks: exact versions and hashes for every platform, and no download address.
set -eu
cd "$(dirname "$0")/.."
compile() {
    output="$1"
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-annotate --custom-compile-command "sh packaging/lock.sh" --output-file "$output" "$@"
}
# setuptools builds the editable install itself, in both
printf 'setuptools>=77\n' | compile requirements.lock pyproject.toml -
compile requirements-package.lock pyproject.toml --extra pades --group package
compile requirements-dev.lock pyproject.toml --extra pades --group dev
compile requirements-bench.lock pyproject.toml --extra pades --group dev --group bench
