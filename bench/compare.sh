#!/bin/sh
# Measures two commits in turn on the same machine and prints how the results differ, as Markdown for bench/comparisons.md.
#   bench/compare.sh BEFORE [AFTER [SCENARIO …]]      AFTER is HEAD by default; the scenarios are ingest processing get start
# ROUNDS (default 2) says how often both commits are measured, TURNS and SECONDS_PER_TURN (2 and 5) how long each time.
set -e
cd "$(dirname "$0")/.."
before=${1:?usage: bench/compare.sh BEFORE [AFTER [SCENARIO ...]]}
after=${2:-HEAD}
test $# -lt 2 || shift
shift
test $# -gt 0 || set -- ingest processing get start
work=$PWD/.local/bench/compared
for side in before after; do
    git worktree remove --force "$work/$side" 2>/dev/null || true
done
rm -rf "$work"
mkdir -p "$work"
trap 'for side in before after; do git worktree remove --force "$work/$side" || true; done' EXIT
git worktree add --quiet --detach "$work/before" "$before"
git worktree add --quiet --detach "$work/after" "$after"
for side in before after; do
    (cd "$work/$side" && dotnet build --configuration Release --nologo --verbosity quiet bench/SalesBrain.Bench >&2)
done
for round in $(seq "${ROUNDS:-2}"); do
    for side in before after; do
        tree=$work/$side
        (cd "$tree" && dotnet bench/SalesBrain.Bench/bin/Release/net10.0/SalesBrain.Bench.dll "$@" --rows 200000 --turns "${TURNS:-2}" --seconds "${SECONDS_PER_TURN:-5}" >&2)
        # Earlier commits keep their results elsewhere.
        results=$tree/bench/results
        test -d "$results" || results=$tree/.local/bench/results
        mkdir "$work/$side-$round"
        for scenario in "$@"; do
            cp "$results/$scenario.json" "$work/$side-$round/"
        done
    done
done
node bench/compare.js "$work" "$before" "$after"
