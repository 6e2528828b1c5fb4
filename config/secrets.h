#pragma once

#include "base/result.h"
#include "config/settings.h"

namespace yard::config {

// Fills encryption_key and, with auth.mode embedded, auth.jwt_verify_key where they are empty: from
// <data_dir>/secrets/<key>, or freshly generated and written there (directory 0700, file 0600,
// whole or not at all). Refuses a secrets file that other users can read. Creates data_dir.
Result<Ok> EnsureSecrets(Settings& settings);

}  // namespace yard::config
