#!/usr/bin/env bash
# S4D, S4 and the Transformer on five tasks at the same wall clock: of each task and seed the three run side by side, so that
# whatever else the machine does takes from all of them alike.
#   benchmarks/Sequence.LongRangeArena/study.sh FOLDER [BUDGET] [SEEDS]
set -euo pipefail
folder=$1 budget=${2:-180s} seeds=${3:-1 2 3}
sequence=${SEQUENCE:-$(dirname "$0")/../../src/Sequence.Cli/bin/Release/net10.0/sequence}
for seed in $seeds; do
    for task in listops text passages image pathfinder; do
        for model in s4d s4 transformer; do
            "$sequence" lra run "$task" --model "$model" --preset small --seed "$seed" --epochs 100 --time-budget "$budget" \
                --data-dir "$folder" --resume --json >/dev/null &
        done
        wait
        echo "$task $seed"
    done
done
"$sequence" lra table --data-dir "$folder"
