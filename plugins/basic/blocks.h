#pragma once

#include <blk/blk.hpp>

blk::block_list store_blocks();
blk::block_list convert_blocks();
