#!/bin/sh
# lean: the embedded WebAssembly Lean, run by the Node beside it.
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
root=$(cd "$(dirname "$self")/.." && pwd -P) || exit 1
here=$(pwd -P) || exit 1
home=$(cd "${HOME:-/}" 2>/dev/null && pwd -P) && export HOME="$home"
# Nothing from the environment is loaded into this Node.
unset NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE

absolute() {
  case $1 in /*) echo "$1" ;; *) echo "$here/$1" ;; esac
}

count=$#
server=
for word; do [ "$word" = --server ] && server=yes; done
# Puts a folder ($2) into a list of them ($1), one a line, the shorter ones first; the result is `list`.
put() {
  list=
  placed=
  IFS='
'
  for folder in $1; do
    [ -z "$placed" ] && [ "${#folder}" -ge "${#2}" ] && list="$list$2$IFS" && placed=yes
    [ "$folder" = "$2" ] || list="$list$folder$IFS"
  done
  [ -n "$placed" ] || list="$list$2$IFS"
  unset IFS
}

# Node's own permissions, behind what files.js lets Lean see. The server process runs no Lean, and starts workers.
if [ "@PERMISSION@" = yes ] && [ -z "$server" ]; then
  set -f
  readable=$root
  writable=
  case ${HOME:-}/ in
    "${here%/}"/*) ;; # a folder with all that the user has
    *) put "$readable" "$here" && readable=$list ;;
  esac
  rest=${LEAN_PATH-}:${LEAN_SRC_PATH-}:
  while [ -n "$rest" ]; do
    folder=${rest%%:*}
    rest=${rest#*:}
    [ -d "$folder" ] && put "$readable" "$(absolute "$folder")" && readable=$list
  done
  previous=
  for word; do
    output=
    case $previous in -[oi]) output=$word ;; esac
    case $word in -[oi]?*) output=${word#-?} ;; esac
    if [ -n "$output" ]; then
      output=$(dirname "$(absolute "$output")")
      put "$readable" "$output" && readable=$list
      put "$writable" "$output" && writable=$list
    fi
    previous=$word
  done
  # Outer folders first, and folders before files: Node forgets a folder that is named behind what lies in it.
  IFS='
'
  for folder in $readable; do set -- "$@" "--allow-fs-read=$folder"; done
  for folder in $writable; do set -- "$@" "--allow-fs-write=$folder"; done
  unset IFS
  set +f
  previous=
  left=$count
  for word; do
    [ "$left" -gt 0 ] || break
    left=$((left - 1))
    case $previous$word in
      -[oi]?*) ;;
      --setup=*) set -- "$@" "--allow-fs-read=$(absolute "${word#*=}")" ;;
      *) [ "${word#-}" = "$word" ] && [ -f "$word" ] && set -- "$@" "--allow-fs-read=$(absolute "$word")" ;;
    esac
    previous=
    case $word in -[oi]) previous=$word ;; esac
  done
  set -- "$@" --permission --allow-worker --disable-warning=SecurityWarning
fi
# Lazy validation: 116 MB of code are loaded in 0.1 s. A large tiering budget: on few cores the optimising compiler
# would take its time from Lean itself.
set -- "$@" --disallow-code-generation-from-strings --stack-size=8000 --wasm-lazy-validation \
  --wasm-tiering-budget=130000000 "$root/libexec/lean.js"
# The arguments for Lean go behind those for Node.
while [ "$count" -gt 0 ]; do
  set -- "$@" "$1"
  shift
  count=$((count - 1))
done
exec "$root/libexec/node" "$@"
