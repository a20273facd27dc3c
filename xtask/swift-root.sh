#!/bin/bash
# Swift for Linux, from Debian's packages, in a private root beside the caches.
#
#   swift-root.sh install          make the root; does nothing when it is there
#   swift-root.sh is-installed     succeed when it is there
#   swift-root.sh run CMD [ARG..]  run CMD in it, with SWIFT_SRC mounted at /src
#
# The root is only unpacked, never configured: to change its packages, change
# PACKAGES (which renames the root) and install again.
set -eu

SUITE=trixie
PACKAGES=swiftlang,libc6-dev,libstdc++-14-dev,libssl3t64,dash,bash,coreutils,findutils,grep,sed,git,ca-certificates
CACHE=${SWIFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/canvass-swift}
ROOT=$CACHE/$SUITE-$(printf %s "$PACKAGES" | cksum | cut -d' ' -f1)
SRC=${SWIFT_SRC:-$PWD}

# The mirror this machine already uses: apt's own sources, old format or new.
mirror() {
  awk '/^URIs:/ { for (i = 2; i <= NF; i++) if ($i ~ /\/debian\/?$/) { print $i; exit } }
       $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /\/debian\/?$/) { print $i; exit } }' \
    $(ls /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null)
}

# What neither compiling nor testing needs: 1.8 GB of documentation, debugger and static libraries.
excluded() {
  local path
  for path in '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' \
    '/usr/libexec/swift/lib/swift_static/*' '/usr/libexec/swift/lib/swift/embedded/*' \
    '/usr/libexec/swift/lib/liblldb*' '/usr/libexec/swift/bin/lldb*' '/usr/libexec/swift/bin/clangd' \
    '/usr/libexec/swift/bin/sourcekit-lsp' '/usr/libexec/swift/lib/libsourcekitd*' '/usr/libexec/swift/bin/docc'; do
    printf -- '--dpkgopt=path-exclude=%s\n' "$path"
  done
}

install() {
  [ -e "$ROOT/.complete" ] && return 0
  command -v mmdebstrap >/dev/null || {
    echo "mmdebstrap is missing: apt-get install mmdebstrap" >&2
    exit 1
  }
  [ "$(id -u)" = 0 ] || {
    echo "a root of its own can only be made by root: run this as root, or in a container" >&2
    exit 1
  }
  local flags
  mapfile -t flags < <(excluded)
  rm -rf "$ROOT.part"
  mkdir -p "$CACHE"
  mmdebstrap --quiet --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    "${flags[@]}" --include="$PACKAGES" "$SUITE" "$ROOT.part" "$(mirror)"
  [ -e "$ROOT.part/bin/sh" ] || ln -s dash "$ROOT.part/usr/bin/sh"
  mkdir -p "$ROOT.part/src" "$ROOT.part/root" "$ROOT.part/tmp"
  touch "$ROOT.part/.complete"
  rm -rf "$ROOT"
  mv "$ROOT.part" "$ROOT"
}

# The mounts live in a mount namespace of their own and vanish with the process.
run() {
  export ROOT SRC
  exec unshare --mount --propagation private sh -euc '
    mount -t proc proc "$ROOT/proc"
    mount --rbind /dev "$ROOT/dev"
    mount --bind "$SRC" "$ROOT/src"
    for f in resolv.conf hosts passwd group; do cp -L "/etc/$f" "$ROOT/etc/$f" 2>/dev/null || true; done
    exec env -i HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/libexec/swift/bin:/usr/bin:/bin \
      LD_LIBRARY_PATH="${SWIFT_LD_LIBRARY_PATH:-}" ${SWIFT_ENV:-} \
      /usr/sbin/chroot "$ROOT" sh -c "cd /src && exec \"\$@\"" sh "$@"' sh "$@"
}

command=${1:-install}
[ $# -gt 0 ] && shift
case $command in
install) install ;;
is-installed) [ -e "$ROOT/.complete" ] ;;
run) install && run "$@" ;;
root) echo "$ROOT" ;;
*)
  echo "unknown command: $command (install, is-installed, run or root)" >&2
  exit 2
  ;;
esac
