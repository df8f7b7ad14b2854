#!/bin/sh
# Installs Jobferry from this folder, without a network: sh install.sh [TARGET]
# TARGET (/opt/jobferry) must not exist. PYTHON names the interpreter (python3).
set -eu

target=${1:-/opt/jobferry}
python=${PYTHON:-python3}

refuse() { # what is wrong, what to do
  printf 'install.sh: %s\n  -> %s\n' "$1" "$2" >&2
  exit 1
}

case $target in /*) ;; *) target=$PWD/$target ;; esac
cd "$(dirname "$0")"

command -v "$python" > /dev/null ||
  refuse "there is no $python" "install Python 3.11 or newer, or name it: PYTHON=/path/to/python3 sh install.sh"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "$python is Python $version, which is too old" "install Python 3.11 or newer, or name it: PYTHON=/path/to/python3 sh install.sh"
grep -qx "$version" PYTHONS ||
  refuse "this bundle has no wheels for Python $version" "use one of $(tr '\n' ' ' < PYTHONS)"
[ "$(uname -m)" = "$(cat MACHINE)" ] ||
  refuse "this bundle is for $(cat MACHINE), and this machine is $(uname -m)" "take the bundle for $(uname -m)"
if [ -e "$target" ] || [ -L "$target" ]; then
  refuse "$target exists" "name another folder, or move that one away; data folders are not touched"
fi
altered=$(LC_ALL=C sha256sum --check --quiet SHA256SUMS 2>&1) ||
  refuse "files are not what SHA256SUMS says: $(printf '%s' "$altered" | head -n 3 | tr '\n' ';')" "unpack the archive again, or fetch it again"

trap 'rm -rf "$target"' EXIT
trap 'exit 1' HUP INT TERM
"$python" -m venv "$target" ||
  refuse "$python cannot make a virtual environment in $target" "install its venv module (Debian: python3-venv), and look at the rights of the folder"
PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip --isolated --disable-pip-version-check install --quiet \
  --no-index --find-links wheels --constraint constraints.txt jobferry ||
  refuse "the wheels could not be installed" "what pip says stands above; nothing was left behind"
trap - EXIT

cat << NEXT
Jobferry is installed in $target. Next:
  $target/bin/jobferry demo                          see the whole trip
  $target/bin/jobferry serve --data /srv/jobferry    run a platform; it prints the link to its console
The documentation is in $PWD/docs/README.html.
NEXT
