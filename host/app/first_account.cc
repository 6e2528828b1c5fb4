#include "host/app/first_account.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/crypto.h"
#include "base/log.h"
#include "host/auth/account_service.h"

namespace yard::app {
namespace {

Result<Ok> WritePrivateFile(const std::string& path, const std::string& text) {
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return Unavailable("cannot write " + path + ": " + std::strerror(errno));
    const ssize_t written = ::write(fd, text.data(), text.size());
    const int error = errno;
    ::close(fd);
    if (written == static_cast<ssize_t>(text.size())) return Ok{};
    return Unavailable("cannot write " + path + ": " + std::strerror(written < 0 ? error : ENOSPC));
}

}  // namespace

Result<Ok> CreateFirstAccount(const config::Settings& settings, auth::AccountService& accounts) {
    const config::FirstAccountSettings& wanted = settings.auth.first_account;
    if (wanted.email.empty()) return Ok{};
    if (!TRY(accounts.IsEmpty())) return Ok{};
    if (!wanted.password.empty()) {
        TRY(accounts.EnsureFirstAccount(wanted.email, wanted.password));
        LogInfo("accounts", "created the first account", {{"email", wanted.email}});
        return Ok{};
    }
    // The file first: an account whose password nobody knows would be in the way for ever.
    const std::string password = Base64UrlEncode(RandomBytes(12));
    const std::string path = settings.data_dir + "/secrets/first_account_password";
    TRY(WritePrivateFile(path, password + "\n"));
    TRY(accounts.EnsureFirstAccount(wanted.email, password));
    LogInfo("accounts", "created the first account with a generated password",
            {{"email", wanted.email}, {"password_file", path}});
    return Ok{};
}

}  // namespace yard::app
