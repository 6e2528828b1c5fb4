// The blocks of this plugin, by source file.
#pragma once
#include <blk/blk.hpp>

blk::block_list request_blocks();
