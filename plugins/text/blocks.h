#pragma once

#include <blk/blk.hpp>

blk::block_list text_matchers();
blk::block_list code_extractors();
blk::block_list text_editors();
blk::block_list text_templates();
