#!/usr/bin/env python3
"""Checks what the compiler cannot: layers, confined headers, file size, mirrored tests.

Run from the repository root; prints one line per fault and exits 1 if there is any.
"""
import pathlib
import re
import sys

# A folder may include itself and the folders on its line. Nothing else.
LAYERS = {
    "base": "sdk/include",
    "config": "base",
    "sdk/include": "",
    "sdk": "sdk/include",
    "registry": "base config sdk/include",
    "host/model": "base sdk/include",
    "host/storage": "base host/model",
    "host/storage/sql": "base host/model host/storage",
    "host/messaging": "base host/model",
    "host/auth": "base host/model host/storage",
    "host/credentials": "base host/model host/storage",
    "host/engine": "base host/model host/storage host/messaging",
    "host/plugin": "base host/model host/engine host/credentials registry sdk/include",
    "host/service": "base host/model host/storage host/storage host/messaging host/auth host/credentials "
                    "host/engine host/plugin registry",
    "host/net": "base config host/plugin host/messaging",
    "host/app": "*",
    "api/http": "base config",
    "api/rest": "base api/http host/model host/auth host/service",
    "api/ws": "base api/http host/model host/auth host/service",
    "plugins": "sdk/include",
    "tools": "base registry sdk/include",
    "tests": "*",
}

# Header prefix -> the only folders whose .cc files may include it. Never in a header that others see.
CONFINED = {
    "pistache/": "api/http",
    "http_parser.h": "host/net",
    "boost/": "api/http",
    "argon2.h": "host/auth",
    "Poco/Net/": "host/net",
    "Poco/Data/": "host/storage/sql",
    "rapidjson/": "base",
    "dlfcn.h": "host/plugin tools",
    "openssl/": "base host/auth host/net",
    "spdlog/": "base",
    "yaml-cpp/": "config",
    "CLI/": "host/app tools",
}

# Text that never appears in our code, and what to write instead.
BANNED = {
    "using namespace std": "std:: at each use",
    "std::endl": "'\\n'",
    "pthread_cancel": "a stop token",
}

MAX_LINES = {".h": 300, ".hpp": 600, ".cc": 800}
TODO = re.compile(r"\b(TODO|FIXME)\b(?!\(#\d+\))")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def layer_of(path):
    if path.startswith("blk/"):  # As plugins write it, with sdk/include on the include path.
        path = "sdk/include/" + path
    matches = [layer for layer in LAYERS if path == layer or path.startswith(layer + "/")]
    return max(matches, key=len, default=None)


def is_shared_header(path):
    """A header of a folder's own .cc files says so in its name."""
    return path.endswith(".h") and not path.endswith("_internal.h")


def check_file(path, text, faults):
    layer = layer_of(path)
    if layer is None:
        faults.append(f"{path}: not in any folder of LAYERS")
        return
    allowed = LAYERS[layer].split() + [layer]
    for number, line in enumerate(text.splitlines(), 1):
        for text_found, instead in BANNED.items():
            if re.search(rf"\b{re.escape(text_found)}\b", line):
                faults.append(f"{path}:{number}: {text_found} is banned, use {instead}")
        if TODO.search(line):
            faults.append(f"{path}:{number}: TODO without an issue, write TODO(#12)")
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        if quote == '"':
            wanted = layer_of(target)
            if "*" not in allowed and wanted not in allowed:
                faults.append(f"{path}:{number}: {layer} may not include {wanted} ({target})")
            continue
        for prefix, owner in CONFINED.items():
            if layer == "tests" or not target.startswith(prefix):
                continue
            if is_shared_header(path) or layer not in owner.split():
                faults.append(f"{path}:{number}: <{target}> belongs in a .cc of {owner}")


def check_tree(root):
    faults = []
    untested = root / "tests/lint/untested.txt"
    excused = set()
    if untested.exists():
        excused = {line.split()[0] for line in untested.read_text().splitlines() if line.strip()}
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.suffix not in MAX_LINES or path.startswith(("build", "third_party")):
            continue
        text = file.read_text()
        check_file(path, text, faults)
        lines = text.count("\n")
        if lines > MAX_LINES[file.suffix] and not path.startswith("tests/"):
            faults.append(f"{path}: {lines} lines, limit {MAX_LINES[file.suffix]}")
        is_c = "extern \"C\"" in text  # Shared with C: an include guard.
        if file.suffix == ".h" and not is_c and "#pragma once" not in text:
            faults.append(f"{path}: no #pragma once")
        if file.suffix == ".cc" and path.startswith(("base/", "host/", "registry/")):
            test = root / "tests/unit" / (path[:-3] + "_test.cc")
            if not test.exists() and path not in excused:
                faults.append(f"{path}: no {test.relative_to(root)}, no reason in {untested.name}")
    return faults


if __name__ == "__main__":
    found = check_tree(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(found) if found else "tree is clean")
    sys.exit(1 if found else 0)
