"""Turns what run.sh measured (the files in the directory given) into one JSON object and a table."""

import json
import pathlib
import re
import statistics
import sys


def read(directory):
    def numbers(name):
        return [float(line) for line in (directory / name).read_text().split()]

    def benchmarks(name):
        return {b["name"]: b for b in json.loads((directory / name).read_text())["benchmarks"]}

    engine = benchmarks("engine")
    abi = benchmarks("abi")
    rest = [json.loads(line) for line in (directory / "rest").read_text().splitlines()]
    server, nginx = numbers("wrk_server"), numbers("wrk_nginx")
    journal = re.findall(r"^(.+?) +(\d+) node executions/s", (directory / "journal").read_text(), re.M)
    return {
        "uptime": (directory / "uptime").read_text().strip(),
        "engine_node_executions_per_s": {
            name.removeprefix("BM_").removesuffix("/real_time"): round(b["items_per_second"])
            for name, b in engine.items()
        },
        "durable_node_executions_per_s": {name.strip(): int(rate) for name, rate in journal},
        "block_call_cpu_ns": {name: round(b["cpu_time"]) for name, b in abi.items()},
        "get_blocks_per_s": {
            "blockyard": round(statistics.median(server)),
            "nginx": round(statistics.median(nginx)),
            "ratio": round(statistics.median(a / b for a, b in zip(server, nginx)), 2),
        },
        "start_to_first_200_ms": round(statistics.median(numbers("start_us")) / 1000),
        "idle_rss_mib": round(numbers("rss_kib")[0] / 1024, 1),
        "rest_runs": sorted(rest, key=lambda run: run["runs_per_s"])[len(rest) // 2],
    }


def rows(figures):
    engine, abi, rest = (
        figures["engine_node_executions_per_s"],
        figures["block_call_cpu_ns"],
        figures["rest_runs"],
    )
    # The slowest shape of graph, and the plainest use of the journal.
    durable, alone = figures["durable_node_executions_per_s"]["journal, 1 thread"], min(engine.values())
    blocks = figures["get_blocks_per_s"]
    call, resume = abi["CallWithAnObjectOfEightFields"], abi["ResumeOfASuspendedCall"]
    yield "node executions/s, durable", ">= 25000", durable, durable >= 25000
    yield "node executions/s, engine only", ">= 200000", alone, alone >= 200000
    yield "block call, 8 fields in and out (ns)", "<= 400", call, call <= 400
    yield "resume of a suspended block (ns)", "<= 100", resume, resume <= 100
    yield "GET /api/blocks / nginx", ">= 0.6", blocks["ratio"], blocks["ratio"] >= 0.6
    start, rss = figures["start_to_first_200_ms"], figures["idle_rss_mib"]
    yield "start to first 200 (ms)", "<= 150", start, start <= 150
    yield "idle RSS (MiB)", "<= 60", rss, rss <= 60
    yield "REST runs of 10 nodes/s, 8 clients", "", rest["runs_per_s"], None


def main():
    figures = read(pathlib.Path(sys.argv[1]))
    print(json.dumps(figures))
    print("\n| measured | target | result | met |\n|---|---|---|---|")
    for name, target, result, met in rows(figures):
        print(f"| {name} | {target} | {result} | {'' if met is None else 'yes' if met else 'no'} |")


main()
