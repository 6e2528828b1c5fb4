#pragma once

#include <blk/blk.hpp>

blk::block_list graph_inputs();
blk::block_list graph_outputs();
