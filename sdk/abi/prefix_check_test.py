"""The comparison must fail for every kind of break, or the baselines protect nothing."""
import copy
import pathlib
import unittest

import prefix_check

BASELINE = pathlib.Path(__file__).parent / "blk-1.0.abi"


class PrefixCheckTest(unittest.TestCase):
    def setUp(self):
        self.old = prefix_check.load(BASELINE)
        self.new = copy.deepcopy(self.old)

    def faults(self):
        return prefix_check.compare(self.old, self.new)

    def test_the_baseline_reaches_every_table(self):
        for name in ("blk_call", "blk_block", "blk_plugin", "blk_host", "blk_event", "blk_http_request",
                     "blk_run_request", "blk_json_api", "blk_stats_api", "blk_tok", "blk_note"):
            self.assertIn(name, self.old)
        self.assertEqual(self.faults(), [])

    def test_a_table_may_grow_at_its_end(self):
        self.new["blk_call"].append(("1088", "more", "uint64_t"))
        self.assertEqual(self.faults(), [])

    def test_a_frozen_struct_may_not_grow(self):
        self.new["blk_tok"].append(("128", "more", "uint64_t"))
        self.assertEqual(self.faults(), ["blk_tok: frozen, but it grew"])

    def test_a_removed_member_is_named(self):
        self.new["blk_call"].pop()
        self.assertEqual(self.faults(), ["blk_call: member context is gone"])

    def test_swapped_members_are_found(self):
        members = self.new["blk_http_api"]
        members[2], members[3] = members[3], members[2]
        self.assertEqual(len(self.faults()), 2)

    def test_a_changed_parameter_is_found(self):
        offset, name, spelling = self.new["blk_call"][7]
        self.new["blk_call"][7] = (offset, name, spelling.replace("blk_str", "uint64_t") + "x")
        self.assertEqual(len(self.faults()), 1)

    def test_a_vanished_struct_is_found(self):
        del self.new["blk_timer_api"]
        self.assertIn("blk_timer_api: member after_ms is gone", self.faults())


if __name__ == "__main__":
    unittest.main()
