#include "config/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/crypto.h"
#include "config/normalise.h"

namespace yard::config {
namespace {

constexpr size_t kSecretBytesMax = 16 << 10;

Error SystemError(const std::string& what, const std::string& path) {
    return Unavailable("cannot " + what + " " + path + ": " + std::strerror(errno));
}

class File {
public:
    explicit File(int fd) : fd_(fd) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }

private:
    int fd_;
};

Result<std::string> ReadSecret(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.fd() < 0) {
        if (errno == ENOENT) return NotFound(path + " does not exist");
        return SystemError("open", path);
    }
    struct stat status {};
    if (::fstat(file.fd(), &status) != 0) return SystemError("examine", path);
    if (!S_ISREG(status.st_mode)) return Invalid(path + " is not a regular file");
    if ((status.st_mode & 077) != 0) {
        return NotAllowed(path + " is a secret that other users can read; run chmod 600 on it");
    }
    std::string text(kSecretBytesMax + 1, '\0');
    const ssize_t count = ::read(file.fd(), text.data(), text.size());
    if (count < 0) return SystemError("read", path);
    text.resize(static_cast<size_t>(count));
    if (text.size() > kSecretBytesMax) return Invalid(path + " is too large for a secret");
    while (text.ends_with('\n')) text.pop_back();
    if (text.empty()) return Invalid(path + " is empty; remove it to have it generated");
    return text;
}

Result<Ok> WriteAll(int fd, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return SystemError("write", path);
        text.remove_prefix(static_cast<size_t>(count));
    }
    if (::fsync(fd) != 0) return SystemError("write", path);
    return Ok{};
}

// link() instead of rename(): of two processes that start at once, the second must not replace the
// secret the first one already uses.
Result<std::string> WriteSecret(const std::string& path, const std::string& secret) {
    const std::string temporary = path + "." + HexEncode(RandomBytes(8)) + ".tmp";
    Result<Ok> written = Ok{};
    {
        const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (file.fd() < 0) return SystemError("create", temporary);
        written = WriteAll(file.fd(), secret + "\n", temporary);
    }
    if (written && ::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
        written = SystemError("create", path);
    }
    ::unlink(temporary.c_str());
    TRY(std::move(written));
    const File folder(::open(std::filesystem::path(path).parent_path().c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd() < 0 || ::fsync(folder.fd()) != 0) return SystemError("write", path);
    return ReadSecret(path);
}

Result<std::string> ReadOrGenerate(const std::string& path, const std::string& fresh) {
    auto stored = ReadSecret(path);
    if (stored || stored.error().kind != ErrorKind::kNotFound) return stored;
    return WriteSecret(path, fresh);
}

Result<std::string> SecretsFolder(const std::string& data_dir) {
    std::error_code error;
    std::filesystem::create_directories(data_dir, error);
    if (error) return Unavailable("cannot create " + data_dir + ": " + error.message());
    const std::string folder = data_dir + "/secrets";
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return SystemError("create", folder);
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0) return SystemError("examine", folder);
    if (!S_ISDIR(status.st_mode)) return Invalid(folder + " is not a directory");
    if ((status.st_mode & 077) != 0) {
        return NotAllowed(folder + " is open to other users; run chmod 700 on it");
    }
    return folder;
}

std::string NewFernetKey() { return Base64UrlEncode(RandomBytes(32)) + "="; }

}  // namespace

Result<Ok> EnsureSecrets(Settings& settings) {
    const bool needs_jwt_key =
        settings.auth.mode == "embedded" && settings.auth.jwt_verify_key.empty();
    const std::string folder = TRY(SecretsFolder(settings.data_dir));
    if (settings.encryption_key.empty()) {
        const std::string path = folder + "/encryption_key";
        settings.encryption_key = TRY(ReadOrGenerate(path, NewFernetKey()));
        if (const auto valid = CheckFernetKey(&settings.encryption_key); !valid) {
            return Invalid(path + " " + valid.error().message);
        }
    }
    if (needs_jwt_key) {
        settings.auth.jwt_verify_key =
            TRY(ReadOrGenerate(folder + "/auth.jwt_verify_key", Base64UrlEncode(RandomBytes(48))));
    }
    return Ok{};
}

}  // namespace yard::config
