// The C++20 face of blk/abi.h: write a struct, list its fields, get a block. Header-only, and nothing of
// it crosses the boundary, so host and plugin may use different compilers and standard libraries.
// sdk/README.md is the guide.
#pragma once
#include "blk/abi.h"
#include "blk/value.hpp"
#include "blk/schema.hpp"
#include "blk/codec.hpp"
#include "blk/call.hpp"
#include "blk/task.hpp"
#include "blk/ops.hpp"
#include "blk/plugin.hpp"
