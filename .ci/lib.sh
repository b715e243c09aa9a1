# What the scripts about real servers share; they set `connector`.

# run OUTPUT COMMAND OPTION...: runs the connector, its messages into OUTPUT. If it fails, which command it was and why comes
# first, because the output is deleted.
run() {
    local output=$1 code=0
    shift
    "$connector" "$@" >"$output" || code=$?
    if [ "$code" -ne 0 ]; then
        echo "exit $code of: $(basename "$connector") $*"
        grep -E '"level":"(WARN|ERROR|FATAL)"|"type":"ERROR"|"status":"(INCOMPLETE|FAILED)"' "$output" | tail -n 20 | cut -c 1-2000
        exit "$code"
    fi
}
