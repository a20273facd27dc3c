#!/bin/sh
# serve.sh DAY DATA [FAULTS]: the backend for one day of the kit, in the new folder DATA.
# It listens on a free port of this machine and prints `listening on http://ADDRESS`.
# FAULTS is the seed of a bad network, which is told on standard error; 0 for a good one.
set -eu
day=$1 data=$2 faults=${3:-7}
case $day in
# DAYS
  *) echo "there is no day $day" >&2; exit 2 ;;
esac
set -- serve --data "$data" --listen 127.0.0.1:0 --test-seed "$seed" --test-clock "$clock"
if [ "$faults" != 0 ]; then set -- "$@" --faults "$faults"; fi
exec "${CANVASS:-canvass}" "$@"
