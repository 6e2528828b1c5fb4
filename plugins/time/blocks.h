// The blocks of this plugin, by source file.
#pragma once
#include <blk/blk.hpp>

blk::block_list countdown_blocks();
blk::block_list current_time_blocks();
