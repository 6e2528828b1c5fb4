// One server per data_dir: a second one would resume the runs that the first one is running.

#pragma once

#include <string>

#include "base/result.h"

namespace yard::app {

// Holds <data_dir>/lock while it lives. The kernel gives it up with the process, however that ends.
class DataDirLock {
public:
    // kConflict if another process holds it. Precondition: the folder exists.
    static Result<DataDirLock> Take(const std::string& data_dir);
    DataDirLock(DataDirLock&& other) noexcept;
    DataDirLock& operator=(DataDirLock&& other) noexcept;
    ~DataDirLock();

private:
    explicit DataDirLock(int fd) : fd_(fd) {}

    int fd_;
};

}  // namespace yard::app
