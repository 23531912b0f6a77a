#!/usr/bin/env bash
# Makes the folder with the programs of deploy/cluster that `npm run test:cluster` runs: PostgreSQL 18, Patroni, etcd, HAProxy, PgBouncer
# and Valkey of the testing suite of Debian, because older suites have PostgreSQL 17 or less. Needs root and mmdebstrap. About 370 MB.
# A mirror may be some weeks old: its signatures are checked, its age is not.
set -euo pipefail
root=${CLUSTER_ROOT:-/var/lib/latchkey/cluster-root}
packages=postgresql-18,patroni,python3-etcd,python3-psycopg2,etcd-server,haproxy,pgbouncer,valkey-server,valkey-tools
[ "$(cat "$root/packages" 2>/dev/null)" = "$packages" ] && exit
rm -rf "$root" "$root.unfinished"
mkdir -p "$(dirname "$root")"
mmdebstrap --quiet --mode=root --variant=essential \
  --include="$packages" \
  --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --essential-hook='mkdir -p "$1/etc/postgresql-common" && echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
  forky "$root.unfinished"
echo "$packages" >"$root.unfinished/packages"
mv "$root.unfinished" "$root"
