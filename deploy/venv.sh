#!/bin/sh
# Make a virtual environment: venv.sh "PYTHON or nothing" FOLDER. Takes the first usable Python
# 3.11 to 3.13; installs Debian's python3-venv when that is what is missing.
set -eu
wanted=$1 folder=$2
[ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
python=""
for candidate in ${wanted:-python3 python3.12 python3.13 python3.11}; do
  if usable "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "${wanted:-python3} is not Python 3.11, 3.12 or 3.13; install one of these, or name it: make PYTHON=/path/to/python3.12 install" >&2
  exit 78
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || sh "$(dirname "$0")/packages.sh" python3-venv
"$python" -m venv "$folder"
