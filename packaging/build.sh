#!/bin/sh
# The packaged program on Linux, as `sh packaging/build.sh`: an environment of its own with exactly what the lock pins,
# then `packaging/build.py` in it, which takes the same options. What is made is in dist/.
set -eu
cd "$(dirname "$0")/.."
for tool in objdump strip dpkg-deb ldd; do
    command -v "$tool" >/dev/null 2>&1 || { echo "$tool is missing: apt-get install binutils dpkg libc-bin" >&2; exit 1; }
done
python="${PYTHON:-python3}"
"$python" -c 'import sys, sysconfig; sys.exit(sys.version_info < (3, 11))' ||
    { echo "Python 3.11 or later is needed; name it as PYTHON" >&2; exit 1; }
environment=build/environment
state="$(cksum < requirements-package.lock) $("$python" -V)"
if [ "$(cat "$environment/.made-of" 2>/dev/null)" != "$state" ]; then
    echo "Setting up $environment from requirements-package.lock"
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements-package.lock
    printf '%s' "$state" > "$environment/.made-of"
fi
exec "$environment/bin/python" packaging/build.py "$@"
