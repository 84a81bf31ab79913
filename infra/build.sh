#!/usr/bin/env bash
# Builds the function app that is deployed: infra/build.sh [FOLDER], by default .local/functions.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$repository/.local/functions}
[[ $out = /* ]] || out=$PWD/$out
cd "$repository"

dotnet publish src/SalesBrain.FunctionApp -c Release -o "$out"

# An app whose functions the SDK did not find starts without an error, and without functions.
written=$(grep -rhoF '[Function(nameof(' src/SalesBrain.Functions --include='*.cs' --exclude-dir=bin --exclude-dir=obj | wc -l)
found=$(grep -c '"scriptFile"' "$out/functions.metadata" || true)
if [ "$found" -ne "$written" ]; then
    echo "The built app has $found functions of $written." >&2
    exit 1
fi
echo "The function app with its $found functions is in $out."
