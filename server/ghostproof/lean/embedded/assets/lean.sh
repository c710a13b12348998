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
# Lazy validation: 116 MB of code are loaded in 0.1 s. A large tiering budget: on few cores the optimising compiler
# would take its time from Lean itself.
exec "$root/libexec/node" --stack-size=8000 --wasm-lazy-validation --wasm-tiering-budget=130000000 \
  "$root/libexec/lean.js" "$@"
