#!/usr/bin/env bash
# A sweep as a Slurm array: 32 tasks, each of which trains a 32nd of it, and a last one that merges.
#
#   sbatch examples/cluster/slurm-array.sh
#
# The same line goes on with what is missing: a task that ran out of time, was requeued or lost its
# node trains only what its folder does not hold. Tasks share nothing but the file system.

#SBATCH --job-name=clab-sweep
#SBATCH --array=0-31
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=02:00:00
#SBATCH --requeue
# Two minutes before the end: the chunk in training is finished and written.
#SBATCH --signal=TERM@120
#SBATCH --output=%x-%A-%a.log

set -euo pipefail

SWEEP=${SWEEP:-sweep.yaml}
RUNS=${RUNS:-runs}

# --shard auto reads SLURM_ARRAY_TASK_ID, _MIN, _STEP and _COUNT.
if [[ -z "${MERGE:-}" ]]; then
  srun clab sweep "$SWEEP" --shard auto --out "$RUNS"
  exit
fi

# Afterwards, once: MERGE=1 sbatch --array=0 --dependency=afterany:<job> examples/cluster/slurm-array.sh
clab merge "$RUNS" --out "${RUNS}-merged"
