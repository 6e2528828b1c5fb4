#pragma once

#include "base/result.h"
#include "config/settings.h"

namespace yard::auth {
class AccountService;
}

namespace yard::app {

// Creates the account that auth.first_account names, unless there is any account already. Without a
// configured password one is generated into <data_dir>/secrets/first_account_password.
Result<Ok> CreateFirstAccount(const config::Settings& settings, auth::AccountService& accounts);

}  // namespace yard::app
