#pragma once

#include <blk/blk.hpp>

blk::block_list graph_inputs();
