#!/bin/sh
# Make a virtual environment: venv.sh PYTHON FOLDER. Installs Debian's python3-venv when it is missing.
set -eu
python=$1 folder=$2
if [ -z "$python" ]; then
  echo "No python3 found; install Python 3.11, 3.12 or 3.13 and run make again." >&2
  exit 78
fi
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
  echo "$python is $("$python" -V 2>&1); this product needs Python 3.11, 3.12 or 3.13 (make PYTHON=/path/to/python3.12 …)." >&2
  exit 78
}
[ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
"$python" -c 'import ensurepip, venv' 2>/dev/null || sh "$(dirname "$0")/packages.sh" python3-venv
"$python" -m venv "$folder"
