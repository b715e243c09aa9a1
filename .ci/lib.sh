# What the scripts about real servers share; they set `connector`.

# run OUTPUT COMMAND OPTION...: runs the connector, its messages into OUTPUT. If it fails, which command it was and why comes
# first, because the output is deleted.
run() {
    local output=$1 code=0
    shift
    "$connector" "$@" >"$output" || code=$?
    if [ "$code" -ne 0 ]; then
        echo "exit $code of: $(basename "$connector") $*"
        # A connector that was killed, or that broke before its first message, has told no reason: then its last lines must do.
        reasons "$output" || { echo "it told no reason; the end of its output ($(wc -l <"$output") lines):"; tail -n 5 "$output" | cut -c 1-2000; }
        exit "$code"
    fi >&2
}

# reasons OUTPUT: the messages that say what went wrong; fails if there are none.
reasons() {
    local told
    told=$(grep -aE '"level": ?"(WARN|ERROR|FATAL)"|"type": ?"ERROR"|"status": ?"(INCOMPLETE|FAILED)"' "$1") && tail -n 20 <<<"$told" | cut -c 1-2000
}
