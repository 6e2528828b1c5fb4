#!/usr/bin/env python3
"""check_abi.py witness.so [--update]: compares the ABI in the tree with its released baselines.

The newest baseline must equal the tree, every older one must be a prefix of it. --update writes the baseline
of a new minor (never an old one). Exits 77, which CTest shows as skipped, when abidw is not installed.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import prefix_check

FOLDER = pathlib.Path(__file__).resolve().parent
HEADER = FOLDER.parent / "include/blk/abi.h"


def version(text):
    major = re.search(r"define BLK_ABI_MAJOR (\d+)u", text).group(1)
    minor = re.search(r"define BLK_ABI_MINOR (\d+)u", text).group(1)
    return f"blk-{major}.{minor}.abi"


def dump(library, target):
    subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                    "--type-id-style", "hash", "--out-file", str(target), library], check=True)
    # The place of the build tree is no part of the ABI.
    target.write_text(re.sub(r"path='[^']*/", "path='", target.read_text()))


def main(library, update):
    if not shutil.which("abidw"):
        print("abidw is not installed (apt-get install abigail-tools): the ABI was not compared")
        return 77
    newest = FOLDER / version(HEADER.read_text())
    if update:
        if newest.exists():
            print(f"{newest.name} is a baseline already; raise BLK_ABI_MINOR for a change")
            return 1
        dump(library, newest)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        current = pathlib.Path(scratch) / "current.abi"
        dump(library, current)
        if not newest.exists():
            print(f"no baseline {newest.name}: run check_abi.py {library} --update, add it to HISTORY.md")
            return 1
        if subprocess.run(["abidiff", str(newest), str(current)], check=False).returncode != 0:
            print(f"the ABI differs from {newest.name}: append, and raise BLK_ABI_MINOR")
            return 1
        faults = []
        for baseline in sorted(FOLDER.glob("blk-*.abi")):
            for fault in prefix_check.compare(prefix_check.load(baseline), prefix_check.load(current)):
                faults.append(f"{baseline.name}: {fault}")
    print("\n".join(faults) or "the ABI equals its newest baseline and extends the older ones")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--update" in sys.argv[2:]))
