#!/usr/bin/env bash
# Builds the function app that is deployed: infra/build.sh [FOLDER], by default .local/functions.
# Ends with 3, and one line, where the package feed lacks the official Functions packages.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$repository/.local/functions}
[[ $out = /* ]] || out=$PWD/$out
cd "$repository"

if ! restored=$(dotnet restore src/SalesBrain.FunctionApp 2>&1); then
    missing=$(grep -oE 'Unable to find package [A-Za-z0-9.]+' <<<"$restored" | sed 's/.* //; s/\.$//' | sort -u | paste -sd, | sed 's/,/, /g')
    if [ -z "$missing" ]; then
        echo "$restored" >&2
        exit 1
    fi
    echo "The function app was not built: this package feed has no fitting $missing." >&2
    exit 3
fi
dotnet publish src/SalesBrain.FunctionApp --no-restore -c Release -o "$out"

# An app whose functions the SDK did not find starts without an error, and without functions.
written=$(grep -rhoF '[Function(nameof(' src/SalesBrain.Functions --include='*.cs' --exclude-dir=bin --exclude-dir=obj | wc -l)
found=$(grep -c '"scriptFile"' "$out/functions.metadata" || true)
if [ "$found" -ne "$written" ]; then
    echo "The built app has $found functions of $written." >&2
    exit 1
fi
echo "The function app with its $found functions is in $out."
