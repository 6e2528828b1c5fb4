#!/bin/bash
# Runs every measurement and prints one JSON object, then the same as a table in Markdown.
#
# Usage: tests/bench/run.sh [build directory]    (default: build/release, with the target benchmarks)
# Needs curl, wrk, python3 and nginx; installs wrk and nginx-light with apt if they are missing. Takes about
# two minutes and uses ports 18961 to 18963 of 127.0.0.1. On a machine that does other work only the
# ratios mean something: nginx answers between the rounds of the server, so both see the same load.
set -euo pipefail

build=$(realpath "${1:-build/release}")
bin=$build/bin
port=18961 nginx_port=18962 start_port=18963
rounds=3 wrk_seconds=4
work=$(mktemp -d)
server_pid= nginx_pid=

stop() {
    for pid in $server_pid $nginx_pid; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

need() { command -v "$1" >/dev/null || apt-get install -y -qq "$2" >&2; }
need wrk wrk
need nginx nginx-light

serve() {  # serve <port> <data directory>: sets server_pid
    "$bin/blockyard" serve --set server.port="$1" --set data_dir="$2" --set auth.sign_up_per_minute=100 \
        2>>"$work/server.log" >>"$work/server.log" &
    server_pid=$!
}

wait_for() {  # <url> [token]: until it answers with 200, for at most 10 s
    for _ in $(seq 2000); do
        if curl -sf -o /dev/null -H "Authorization: Bearer ${2:-}" "$1"; then return; fi
        sleep 0.005
    done
    echo "run.sh: $1 does not answer" >&2
    exit 1
}

sign_up() {  # <port>: prints a token
    wait_for "http://127.0.0.1:$1/auth/v1/health"
    curl -sf "http://127.0.0.1:$1/auth/v1/signup" -H 'Content-Type: application/json' \
        -d '{"email": "bench@bench.example", "password": "a long password"}' |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'
}

# Start-up: from exec to the first 200 of a request that lists the blocks of every plugin. The data
# directory exists already, as it does at every start but the first.
serve $start_port "$work/start"
token=$(sign_up $start_port)
kill $server_pid; wait $server_pid || true
for i in 1 2 3 4 5; do
    began=$(date +%s%N)
    serve $start_port "$work/start"
    wait_for http://127.0.0.1:$start_port/api/blocks "$token"
    echo "$((($(date +%s%N) - began) / 1000))" >>"$work/start_us"
    if [ $i = 1 ]; then
        sleep 2
        awk '/^VmRSS/ {print $2}' /proc/$server_pid/status >"$work/rss_kib"
    fi
    kill $server_pid; wait $server_pid || true
done

serve $port "$work/data"
token=$(sign_up $port)

# The same bytes from nginx: compressed before, sent from a file.
mkdir -p "$work/www/api"
curl -sf -H 'Accept-Encoding: gzip' -H "Authorization: Bearer $token" http://127.0.0.1:$port/api/blocks -o "$work/www/api/blocks"
cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes auto; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 1024; }
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10;
    client_body_temp_path $work/tmp; proxy_temp_path $work/tmp; fastcgi_temp_path $work/tmp;
    uwsgi_temp_path $work/tmp; scgi_temp_path $work/tmp;
    server {
        listen 127.0.0.1:$nginx_port; root $work/www;
        location / { default_type application/json; add_header Content-Encoding gzip; }
    }
}
CONF
chmod 755 "$work"
nginx -c "$work/nginx.conf" -p "$work" &
nginx_pid=$!
wait_for http://127.0.0.1:$nginx_port/api/blocks

rate() {  # requests per second
    wrk -t2 -c32 -d${wrk_seconds}s -H 'Accept-Encoding: gzip' -H "Authorization: Bearer $token" "http://127.0.0.1:$1/api/blocks" |
        awk '/^Requests\/sec/ {print $2}'
}
for _ in $(seq $rounds); do
    rate $port >>"$work/wrk_server"
    rate $nginx_port >>"$work/wrk_nginx"
done
for _ in $(seq $rounds); do "$bin/rest_run_bench" $port 8 150 >>"$work/rest"; done
kill $server_pid; wait $server_pid || true
server_pid=

"$bin/engine_bench" --benchmark_format=json >"$work/engine" 2>/dev/null
"$bin/abi_bench" --benchmark_format=json >"$work/abi" 2>/dev/null
TMPDIR=$work "$bin/journal_bench" 100000 >"$work/journal"
uptime >"$work/uptime"
python3 "$(dirname "$0")/report.py" "$work"
