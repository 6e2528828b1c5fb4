// Result<T>: the value, or the Error that explains why there is none.
//
// Use it for every failure the program must expect: bad input, a missing row, a refused plugin, a
// remote that does not answer. Programmer errors are ASSERTs. No exception crosses a library
// boundary.

#pragma once

#include <string>
#include <utility>
#include <variant>

namespace yard {

// One closed list for the whole host. api/rest/error_map.cc turns it into HTTP statuses, nobody
// else does.
enum class ErrorKind {
    kInvalid,              // The request or value is wrong; repeating it unchanged cannot succeed.
    kUnauthenticated,      // Who is calling could not be established.
    kNotAllowed,           // The caller is known and may not do this.
    kNotFound,             // No such thing, or not visible to this caller.
    kConflict,             // The state of the thing forbids it now.
    kInsufficientBalance,  // The caller has no credits left for it.
    kTooLarge,             // Over a limit of size, depth or count.
    kRateLimited,          // Too many attempts; try later.
    kUnavailable,          // A part this depends on is down, missing or not configured.
    kTimeout,
    kCancelled,
    kInternal,  // Our fault: logged in full, shown without details.
};

struct Error {
    ErrorKind kind = ErrorKind::kInternal;
    std::string message;  // One sentence that names the thing and the limit it broke.
    std::string
        detail_json;  // Machine-readable detail as JSON text (for example node_errors), or empty.
};

struct [[nodiscard]] Ok {};

template <typename T = Ok>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Precondition: ok().
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }

    // Precondition: !ok().
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

inline Error Invalid(std::string message) { return {ErrorKind::kInvalid, std::move(message), {}}; }
inline Error NotFound(std::string message) {
    return {ErrorKind::kNotFound, std::move(message), {}};
}
inline Error NotAllowed(std::string message) {
    return {ErrorKind::kNotAllowed, std::move(message), {}};
}
inline Error Unavailable(std::string message) {
    return {ErrorKind::kUnavailable, std::move(message), {}};
}
inline Error Internal(std::string message) {
    return {ErrorKind::kInternal, std::move(message), {}};
}

}  // namespace yard

// Unwraps a Result or returns its Error from the enclosing function. Not for coroutines (co_return)
// and not beside temporaries (CONTRIBUTING.md). The counter keeps names of nested uses apart.
#define TRY(expression) TRY_NAMED(expression, __COUNTER__)
#define TRY_NAMED(expression, number) TRY_JOINED(expression, number)
#define TRY_JOINED(expression, number) TRY_WITH(expression, try_result_##number)
#define TRY_WITH(expression, name)                 \
    __extension__({                                \
        auto name = (expression);                  \
        if (!name) return std::move(name).error(); \
        std::move(name).value();                   \
    })
