#!/bin/sh
# Builds everything for Release, so that no compiler competes with what is measured, and measures. See bench/README.md.
set -e
cd "$(dirname "$0")/.."
dotnet build --configuration Release --nologo --verbosity quiet bench/SalesBrain.Bench
exec dotnet bench/SalesBrain.Bench/bin/Release/net10.0/SalesBrain.Bench.dll "$@"
