# SPDX-License-Identifier: LGPL-2.1-or-later
# count.sh: sourced by the scripts that run others and count their lines: "ok NAME", "not ok NAME", "skip NAME: REASON" and, as
# cmocka says it, "ok N # SKIP NAME". The caller sets log, a file for the whole output.
# shellcheck shell=bash disable=SC2154
passed=0
failed=0
skipped=0
skips=

# Fails when one of them did, or when nothing came.
count() { # TITLE COMMAND...
    local title=$1 output code begin=$SECONDS
    shift
    output=$("$@" 2>&1)
    code=$?
    tally "$title" "$code" "$((SECONDS - begin))" "$output"
}

# Begins what may run beside others, one for each processor. It is shown and counted in the order of these calls; counted waits
# for all.
begun=()
shown=0
begin() { # TITLE COMMAND...
    local file=$log.${#begun[@]} title=$1
    shift
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    (
        "$@" >"$file" 2>&1
        echo "$? $SECONDS" >"$file.end"
    ) &
    begun+=("$! $SECONDS $title")
    while [ -s "$log.$shown.end" ]; do next; done
}
counted() {
    while [ $shown -lt ${#begun[@]} ]; do next; done
}
next() {
    local pid start title code end
    read -r pid start title <<<"${begun[$shown]}"
    wait "$pid"
    read -r code end <"$log.$shown.end"
    tally "$title" "$code" "$((end - start))" "$(cat "$log.$shown")"
    rm -f "$log.$shown" "$log.$shown.end"
    shown=$((shown + 1))
}

tally() { # TITLE STATUS SECONDS OUTPUT
    local title=$1 code=$2 seconds=$3 output=$4 good bad missed
    printf '## %s: %d s\n%s\n' "$title" "$seconds" "$output" >>"$log"
    missed=$(grep -E '^skip |^ok .*# SKIP' <<<"$output")
    good=$(grep '^ok ' <<<"$output" | grep -vc '# SKIP')
    bad=$(grep -c '^not ok ' <<<"$output")
    if [ "$good$bad$missed" = 00 ] || { [ $code != 0 ] && [ "$bad" = 0 ]; }; then
        bad=$((bad + 1))
        output="not ok $title ended with status $code, and last said:
$(tail -n 20 <<<"$output" | sed 's/^/    /')"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ -n "$missed" ]; then
        skipped=$((skipped + $(wc -l <<<"$missed")))
        skips="$skips$(sed -E "s/^skip //; s/^ok .*# SKIP */$title: /" <<<"$missed")"$'\n'
    fi
    printf '%-28s %4d passed, %d failed%s\n' "$title" "$good" "$bad" "${missed:+, $(wc -l <<<"$missed") skipped}"
    [ "$bad" = 0 ] && return
    # Each failure with what is said of it, up to the next test.
    awk '/^(ok|skip|not ok|[0-9]+\.\.|TAP )/ { failure = 0 } /^not ok / { failure = 1 } failure' <<<"$output" | head -n 200
    return 1
}

# What was skipped, each once, and the last line.
totals() {
    printf '%s' "$skips" | sort -u | sed 's/^/skipped: /'
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}
