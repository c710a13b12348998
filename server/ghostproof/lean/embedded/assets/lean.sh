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

# How Node is to be told of a folder ($1) among all that it is told of ($2): it forgets one with whose name that of
# something else begins, `app` beside `app-data/x`, unless all such names are meant. Lean sees no more for that, as
# files.js fills its file system. The result is `name`.
meant() {
  case "
$2" in
    *"
$1"[!/"
"]*) name="$1*" ;;
    *) name=$1 ;;
  esac
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
  files=
  previous=
  for word; do
    file=
    case $previous$word in
      -[oi]?*) ;;
      --setup=*) file=${word#*=} ;;
      *) [ "${word#-}" = "$word" ] && [ -f "$word" ] && file=$word ;;
    esac
    [ -n "$file" ] && files="$files
$(absolute "$file")"
    previous=
    case $word in -[oi]) previous=$word ;; esac
  done
  # Outer folders first, and folders before files: Node forgets a folder that is named behind what lies in it.
  IFS='
'
  for folder in $readable; do meant "$folder" "$readable$files" && set -- "$@" "--allow-fs-read=$name"; done
  for folder in $writable; do meant "$folder" "$writable" && set -- "$@" "--allow-fs-write=$name"; done
  for file in $files; do set -- "$@" "--allow-fs-read=$file"; done
  unset IFS
  set +f
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
