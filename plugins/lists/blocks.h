#pragma once

#include <blk/blk.hpp>

blk::block_list list_builders();
blk::block_list list_items();
blk::block_list list_queries();
