#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# install-packages.sh [--list] GROUP...: installs (or lists) what is missing of the groups build, check, lint, dist, releases, remote, fleet and clients,
# through the system's package manager. npm is not among them, as it is large: with it tests/cli/editor.sh tries the schemas in an editor's server, too.
set -eu

# manager, group: packages
packages() {
    case "$1 $2" in
    'apt-get build') echo gcc make pkg-config libyaml-dev libxml2-dev libpcre2-dev libjansson-dev libsmartcols-dev libarchive-dev ;;
    'apt-get check') echo libcmocka-dev git g++ binutils jing libxml2-utils libvirt0 libvirt-clients virt-what strace jq python3 python3-yaml scdoc mandoc zsh fish dash busybox ;;
    'apt-get releases') echo debootstrap ;;
    'apt-get remote') echo openssh-server openssh-client busybox ;;
    'apt-get fleet') echo python3-distributed parallel openssh-server openssh-client ;;
    'apt-get clients') echo ansible-core facter prometheus virtinst python3-nova gir1.2-libvirt-glib-1.0 libxml2-utils ;;
    'apt-get lint') echo clang-format clang-tidy cppcheck ;;
    'apt-get dist' | 'dnf dist' | 'zypper dist' | 'pacman dist' | 'apk dist') echo git scdoc ;;
    'dnf build') echo gcc make pkgconf-pkg-config libyaml-devel libxml2-devel pcre2-devel jansson-devel libsmartcols-devel libarchive-devel ;;
    'dnf check') echo libcmocka-devel git gcc-c++ binutils libasan libubsan libtsan jing libvirt-libs libvirt-client virt-what strace jq python3 python3-pyyaml scdoc mandoc zsh fish dash busybox ;;
    'dnf lint') echo clang-tools-extra cppcheck ;;
    'zypper build') echo gcc make pkgconf-pkg-config libyaml-devel libxml2-devel pcre2-devel libjansson-devel libsmartcols-devel libarchive-devel ;;
    'zypper check') echo libcmocka-devel git gcc-c++ binutils jing libxml2-tools libvirt-libs libvirt-client virt-what strace jq python3 python3-PyYAML scdoc mandoc zsh fish dash busybox ;;
    'zypper lint') echo clang-tools cppcheck ;;
    'pacman build') echo gcc make pkgconf libyaml libxml2 pcre2 jansson util-linux-libs libarchive ;;
    'pacman check') echo cmocka git binutils libvirt strace jq python python-yaml scdoc zsh fish dash busybox ;; # jing is not there; mandoc excludes man-db
    'pacman lint') echo clang cppcheck ;;
    'apk build') echo gcc make musl-dev linux-headers pkgconf yaml-dev libxml2-dev pcre2-dev jansson-dev util-linux-dev libarchive-dev bash ;;
    'apk check') echo cmocka-dev git g++ binutils libxml2-utils libvirt virt-what strace jq python3 py3-yaml scdoc mandoc zsh fish dash ;;
    'apk lint') echo clang-extra-tools cppcheck ;;
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

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo

# Runs a command of the package manager as root. Another process may have its lock: ten minutes we wait for that.
patiently() {
    attempts=0
    until $as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" 2>"$errors"; do
        cat "$errors" >&2
        attempts=$((attempts + 1))
        [ $attempts -lt 120 ] && grep -qiE "could not get lock|unable to (acquire|lock)|lock (is )?held|is locked" "$errors" || return 1
        echo "install-packages.sh: another package manager is at work; waiting" >&2
        sleep 5
    done
    cat "$errors" >&2
}
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# A new machine may have no list of packages yet, or an old one.
refresh() {
    case $1 in
    apt-get) patiently apt-get -q update ;;
    pacman) patiently pacman -Sy ;;
    apk) patiently apk update ;;
    esac
}

install_all() {
    case $1 in
    apt-get) shift && patiently apt-get -q -y --no-install-recommends install "$@" ;;
    dnf) shift && patiently dnf -y install "$@" ;;
    zypper) shift && patiently zypper --non-interactive install "$@" ;;
    pacman) shift && patiently pacman -S --noconfirm --needed "$@" ;;
    apk) shift && patiently apk add "$@" ;;
    esac
}

manager=
for candidate in apt-get dnf zypper pacman apk; do
    if command -v $candidate >/dev/null 2>&1; then
        manager=$candidate
        break
    fi
done
if [ "$1" = --list ]; then
    shift
    for group in "$@"; do packages "$manager" "$group" | tr ' ' '\n'; done
    exit 0
fi
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
refresh $manager >&2 || :
# shellcheck disable=SC2086
install_all $manager $missing >&2 && exit 0
# One name that a release does not have must not keep the others away; a build without what it needs says so itself.
for package in $missing; do
    install_all $manager "$package" >&2 || echo "install-packages.sh: cannot install $package; going on without it" >&2
done
