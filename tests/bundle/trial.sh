#!/bin/sh
# Unpacks the archive that is named, installs it, runs the demo and opens the console: no network, no Node.
# Whatever install.sh refuses is tried first.
set -eu

archive=$(realpath "$1")
python=$("${PYTHON:-python3}" -c 'import sys; print(sys.executable)')
here=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; wait; rm -rf "$here"' EXIT
ip link set lo up
test -z "$(ip route)"
mkdir "$here/programs" "$here/home"
tar -xzf "$archive" -C "$here"
cd "$here"/jobferry-*
for program in sh env cat grep uname tr head rm dirname sha256sum curl sleep cp chmod; do
  ln -s "$(command -v "$program")" "$here/programs/$program"
done
export PATH="$here/programs" HOME="$here/home" PYTHON="$python" # Node is not among them

refused() { # words of the reason, then the command
  reason=$1
  shift
  if said=$("$@" 2>&1); then
    echo "not refused: $*" >&2
    exit 1
  fi
  printf '%s\n' "$said" | grep -qF -- "$reason" || { echo "expected '$reason', got: $said" >&2; exit 1; }
}

printf '#!/bin/sh\nif [ "$2" = "import sys; sys.exit(sys.version_info < (3, 11))" ]; then exit 1; fi\necho 3.9\n' > "$here/programs/old"
chmod +x "$here/programs/old"
refused "there is no nothing" env PYTHON=nothing sh install.sh "$here/installed"
refused "is too old" env PYTHON="$here/programs/old" sh install.sh "$here/installed"
refused "$here/home exists" sh install.sh "$here/home"
cp LICENSE "$here/licence"
echo >> LICENSE
refused "LICENSE" sh install.sh "$here/installed"
cp "$here/licence" LICENSE
test ! -e "$here/installed"

sh install.sh "$here/installed"
cd "$here"
installed/bin/jobferry demo > demo.log
installed/bin/jobferry serve --data data --port 8650 > serve.log 2>&1 &
server=$!
until curl -fsS http://127.0.0.1:8650/readyz > ready.log 2>&1; do
  kill -0 "$server" || { cat serve.log >&2; exit 1; }
  sleep 0.2
done
curl -fsS http://127.0.0.1:8650/ -H 'Accept: text/html' -L > page.html
grep -q '<script' page.html
echo "installed, demo run and console opened without a network"
