#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# install-packages.sh GROUP...: installs what is missing of the groups build and check, through the system's package manager.
set -eu

# manager, group: packages
packages() {
    case "$1 $2" in
    'apt-get build') echo gcc make pkg-config libyaml-dev libxml2-dev libpcre2-dev libjansson-dev libsmartcols-dev libarchive-dev ;;
    'apt-get check') echo libcmocka-dev jing valgrind libxml2-utils libvirt0 git g++ scdoc mandoc zsh fish ;;
    'dnf build') echo gcc make pkgconf-pkg-config libyaml-devel libxml2-devel pcre2-devel jansson-devel libsmartcols-devel libarchive-devel ;;
    'dnf check') echo libcmocka-devel jing valgrind libvirt-libs git libasan libubsan libtsan gcc-c++ scdoc mandoc zsh fish ;;
    'zypper build') echo gcc make pkgconf-pkg-config libyaml-devel libxml2-devel pcre2-devel libjansson-devel libsmartcols-devel libarchive-devel ;;
    'zypper check') echo libcmocka-devel jing valgrind libvirt-libs git gcc-c++ scdoc mandoc zsh fish ;;
    'pacman build') echo gcc make pkgconf libyaml libxml2 pcre2 jansson util-linux-libs libarchive ;;
    'pacman check') echo cmocka jing valgrind libvirt git scdoc mandoc zsh fish ;;
    'apk build') echo gcc make musl-dev linux-headers pkgconf yaml-dev libxml2-dev pcre2-dev jansson-dev util-linux-dev libarchive-dev bash ;;
    'apk check') echo cmocka-dev valgrind git libvirt g++ scdoc mandoc zsh fish ;;
    esac
}

installed() {
    case $1 in
    apt-get) dpkg-query -W -f '${db:Status-Status}\n' "$2" 2>/dev/null | grep -q '^installed$' ;;
    dnf | zypper) rpm -q --quiet "$2" || rpm -q --quiet --whatprovides "$2" ;;
    pacman) pacman -Qq "$2" >/dev/null 2>&1 ;;
    apk) apk info -e "$2" >/dev/null 2>&1 ;;
    esac
}

install_all() {
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    case $1 in
    apt-get)
        shift
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"
        ;;
    dnf) shift && $as_root dnf -y install "$@" ;;
    zypper) shift && $as_root zypper --non-interactive install "$@" ;;
    pacman) shift && $as_root pacman -Sy --noconfirm --needed "$@" ;;
    apk) shift && $as_root apk add "$@" ;;
    esac
}

manager=
for candidate in apt-get dnf zypper pacman apk; do
    if command -v $candidate >/dev/null 2>&1; then
        manager=$candidate
        break
    fi
done
if [ -z "$manager" ]; then
    echo "install-packages.sh: no known package manager; building with what is here" >&2
    exit 0
fi
missing=
for group in "$@"; do
    for package in $(packages $manager "$group"); do
        installed $manager "$package" || missing="$missing $package"
    done
done
[ -z "$missing" ] && exit 0
echo "installing:$missing" >&2
# shellcheck disable=SC2086
install_all $manager $missing >&2
