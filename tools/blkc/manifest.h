// The manifest of a plugin: what a host and a registry know of it without running it.

#pragma once

#include <string>

#include "base/value.h"

namespace yard::blkc {

// Describes the library at `path`. `about_json` is the author's part (docs/manifest.md), "" for
// none.
Result<Value> MakeManifest(const std::string& path, std::string_view about_json);

}  // namespace yard::blkc
