#include "api/rest/email_address.h"

#include <algorithm>
#include <cctype>

namespace yard::rest {
namespace {

bool IsLocalCharacter(char c) {
    // Every character of other scripts is legal in an internationalised address.
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool IsDomainCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool HasMisplacedPeriod(std::string_view part) {
    return part.front() == '.' || part.back() == '.' || part.find("..") != std::string_view::npos;
}

}  // namespace

Result<std::string> NormaliseEmail(std::string_view text) {
    constexpr size_t kAddressBytesMax = 254;
    constexpr size_t kLocalBytesMax = 64;
    size_t at = text.rfind('@');
    if (at == std::string_view::npos) return Invalid("An email address must have an @-sign.");
    std::string_view local = text.substr(0, at);
    std::string domain(text.substr(at + 1));
    if (local.empty()) return Invalid("There must be something before the @-sign.");
    if (domain.empty()) return Invalid("There must be something after the @-sign.");
    if (text.size() > kAddressBytesMax || local.size() > kLocalBytesMax) {
        return Invalid("The email address is too long.");
    }
    if (!std::all_of(local.begin(), local.end(), IsLocalCharacter) || HasMisplacedPeriod(local)) {
        return Invalid("The email address contains invalid characters before the @-sign.");
    }
    if (!std::all_of(domain.begin(), domain.end(), IsDomainCharacter)) {
        return Invalid("The part after the @-sign contains invalid characters.");
    }
    if (domain.find('.') == std::string::npos) {
        return Invalid("The part after the @-sign is not valid. It should have a period.");
    }
    if (HasMisplacedPeriod(domain)) {
        return Invalid("The part after the @-sign has a misplaced period.");
    }
    std::transform(domain.begin(), domain.end(), domain.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::string(local) + "@" + domain;
}

}  // namespace yard::rest
