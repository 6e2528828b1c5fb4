#!/usr/bin/env python3
"""prefix_check.py old.abi new.abi: every struct of the old baseline must be a prefix of the same struct now.

abidiff alone cannot say that a table only grew at its end: it reports any growth, or with a suppression
none. Reads two files of abidw; exits 1 and names each member that moved, changed its type or vanished.
"""
import sys
import xml.etree.ElementTree as ElementTree

# Used by value or in arrays, so they may not even grow.
FROZEN = {"blk_str", "blk_tok", "blk_tape", "blk_header", "blk_note"}


def spell(nodes, type_id, depth=0):
    """The type as C would write it; ids differ between abidw versions, spellings do not."""
    node = nodes.get(type_id)
    if node is None or depth > 8:
        return type_id or "?"
    if node.tag in ("class-decl", "union-decl", "type-decl", "enum-decl", "typedef-decl"):
        return node.get("name")
    if node.tag == "pointer-type-def":
        return spell(nodes, node.get("type-id"), depth + 1) + "*"
    if node.tag == "qualified-type-def":
        const = "const " if node.get("const") else ""
        return const + spell(nodes, node.get("type-id"), depth + 1)
    if node.tag == "array-type-def":
        return spell(nodes, node.get("type-id"), depth + 1) + f"[{node.get('size-in-bits')} bits]"
    if node.tag == "function-type":
        parameters = [spell(nodes, p.get("type-id"), depth + 1) for p in node.findall("parameter")]
        result = spell(nodes, node.find("return").get("type-id"), depth + 1)
        return f"{result}({','.join(parameters)})"
    return node.tag


def load(path):
    """Struct name -> [(offset in bits, member, type)]."""
    root = ElementTree.parse(path).getroot()
    nodes = {node.get("id"): node for node in root.iter() if node.get("id")}
    structs = {}
    for node in root.iter("class-decl"):
        members = []
        for member in node.findall("data-member"):
            variable = member.find("var-decl")
            members.append((member.get("layout-offset-in-bits"), variable.get("name"),
                            spell(nodes, variable.get("type-id"))))
        if members:
            structs[node.get("name")] = members
    return structs


def compare(old, new):
    faults = []
    for name, members in old.items():
        now = new.get(name, [])
        if name in FROZEN and len(now) > len(members):
            faults.append(f"{name}: frozen, but it grew")
        for index, member in enumerate(members):
            if index >= len(now):
                faults.append(f"{name}: member {member[1]} is gone")
            elif now[index] != member:
                faults.append(f"{name}: member {index} was {member}, is {now[index]}")
    return faults


if __name__ == "__main__":
    found = compare(load(sys.argv[1]), load(sys.argv[2]))
    print("\n".join(found) or "prefix-compatible")
    sys.exit(1 if found else 0)
