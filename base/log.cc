#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>

namespace yard {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};

// Writes each line to stderr with one call of the kernel, which keeps lines apart. spdlog's own
// sink formats and writes under one lock; that halved the rate of a server that logs every request.
class LineSink final : public spdlog::sinks::sink {
public:
    void log(const spdlog::details::log_msg& message) override {
        thread_local spdlog::pattern_formatter formatter("%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                                                         spdlog::pattern_time_type::utc);
        spdlog::memory_buf_t line;
        formatter.format(message, line);
        const char* next = line.data();
        for (size_t left = line.size(); left > 0;) {
            const ssize_t written = ::write(STDERR_FILENO, next, left);
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return;  // Nowhere to complain.
            next += written;
            left -= static_cast<size_t>(written);
        }
    }
    void flush() override {}
    // The form of a line is fixed.
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
};

spdlog::logger& Logger() {
    static const std::shared_ptr<spdlog::logger> logger = [] {
        auto made = std::make_shared<spdlog::logger>("blockyard", std::make_shared<LineSink>());
        made->set_level(spdlog::level::trace);
        return made;
    }();
    return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
    switch (level) {
        case LogLevel::kDebug: return spdlog::level::debug;
        case LogLevel::kInfo: return spdlog::level::info;
        case LogLevel::kWarning: return spdlog::level::warn;
        case LogLevel::kError: return spdlog::level::err;
    }
    return spdlog::level::err;
}

void AppendEscaped(std::string& line, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            line += c;
        } else {
            line += "\\x";
            line += kHex[byte >> 4];
            line += kHex[byte & 15];
        }
    }
}

}  // namespace

void SetLogLevel(LogLevel level) { g_level = level; }

bool LogEnabled(LogLevel level) { return level >= g_level.load(std::memory_order_relaxed); }

void Log(LogLevel level, std::string_view component, std::string_view message, LogFields fields) {
    if (!LogEnabled(level)) return;
    std::string line = "[";
    AppendEscaped(line, component);
    line += "] ";
    AppendEscaped(line, message);
    for (const LogField& field : fields) {
        line += ' ';
        AppendEscaped(line, field.key);
        line += '=';
        AppendEscaped(line, field.value);
    }
    Logger().log(ToSpdlog(level), "{}", line);
}

}  // namespace yard
