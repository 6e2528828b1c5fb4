// A folder of a test's own, gone with the object.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace yard::e2e {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    // Writes a file into the folder; its path.
    std::string Write(std::string_view name, std::string_view text) const;

private:
    std::filesystem::path path_;
};

// All of a file, "" if there is none.
std::string ReadText(const std::filesystem::path& path);

}  // namespace yard::e2e
