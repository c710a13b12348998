#!/bin/sh
# lake: as much of Lake as a folder without dependencies needs, on the embedded WebAssembly Lean.
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
root=$(cd "$(dirname "$self")/.." && pwd -P) || exit 1

set_environment() {
  export LEAN="$root/bin/lean" LAKE="$root/bin/lake" LEAN_SYSROOT="$root"
  built="$PWD/.lake/build/lib/lean"
  if [ -d "$built" ]; then
    export LEAN_PATH="$built${LEAN_PATH:+:$LEAN_PATH}"
  fi
  export PATH="$root/bin:$PATH"
}

usage() {
  cat <<'END'
Lake of the embedded WebAssembly Lean of Ghostproof.

USAGE:
  lake serve [-- ARGS]      the language server, on standard input and output
  lake env [CMD [ARGS]]     run a command with this toolchain in its environment, or print the variables
  lake lean FILE [-- ARGS]  check a file
  lake --version

Building, dependencies and new projects need a native Lean.
END
}

case ${1-} in
  serve)
    shift
    [ "${1-}" = "--" ] && shift
    exec "$root/bin/lean" --server "$@"
    ;;
  env)
    shift
    set_environment
    if [ $# -eq 0 ]; then
      for name in LEAN LAKE LEAN_SYSROOT LEAN_PATH PATH; do
        eval "value=\${$name-}"
        printf '%s=%s\n' "$name" "$value"
      done
      exit 0
    fi
    exec "$@"
    ;;
  lean)
    shift
    file=${1-}
    [ $# -gt 0 ] && shift
    [ "${1-}" = "--" ] && shift
    set_environment
    exec "$root/bin/lean" "$@" "$file"
    ;;
  --version)
    echo "Lake version 5.0.0-embedded (Lean version @LEAN_VERSION@)"
    ;;
  '' | help | -h | --help)
    usage
    ;;
  *)
    printf '%s\n' "lake: '$1' needs a native Lean: this is the embedded WebAssembly Lean of Ghostproof," \
      "which checks single files and cannot build projects or fetch dependencies." \
      "Install Lean for such projects: https://lean-lang.org/install" >&2
    exit 1
    ;;
esac
