#include "registry/plugin_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yard::registry {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

Error CannotOpen(const std::string& path, int error) {
    if (error == ENOENT) return NotFound("the file " + path + " does not exist");
    if (error == ELOOP) {
        return Invalid("the file " + path + " is a symbolic link; put the file itself there");
    }
    return Invalid("the file " + path + " cannot be read: " + std::strerror(error));
}

FileIdentity IdentityOf(const struct stat& status) {
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size_bytes = static_cast<uint64_t>(status.st_size),
            .changed_ns = status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec};
}

}  // namespace

Result<PluginFile> ReadPluginFile(const std::string& path, size_t bytes_max) {
    // O_NONBLOCK: opening a pipe that somebody put there must not wait for a writer.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return CannotOpen(path, errno);
    struct stat status {};
    if (fstat(file.get(), &status) != 0) return CannotOpen(path, errno);
    if (!S_ISREG(status.st_mode)) return Invalid(path + " is not a regular file");
    PluginFile result{IdentityOf(status), {}};
    if (result.identity.size_bytes > bytes_max) {
        return Invalid("the file " + path + " is larger than " + std::to_string(bytes_max) +
                       " bytes");
    }
    result.content.resize(result.identity.size_bytes);
    size_t filled = 0;
    while (filled < result.content.size()) {
        const ssize_t count =
            read(file.get(), result.content.data() + filled, result.content.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return CannotOpen(path, errno);
        if (count == 0) return Invalid("the file " + path + " became shorter while it was read");
        filled += static_cast<size_t>(count);
    }
    return result;
}

Result<FileIdentity> IdentifyPluginFile(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return CannotOpen(path, errno);
    return IdentityOf(status);
}

}  // namespace yard::registry
