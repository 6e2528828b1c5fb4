#include "base/crypto.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/assert.h"

namespace yard {
namespace {

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

DigestContext NewSha256() {
    DigestContext context(EVP_MD_CTX_new());
    ASSERT(context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
    return context;
}

std::string Finish(EVP_MD_CTX* context) {
    std::string digest(32, '\0');
    ASSERT(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) ==
           1);
    return digest;
}

}  // namespace

std::string RandomBytes(size_t count) {
    std::string bytes(count, '\0');
    ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) ==
           1);
    return bytes;
}

std::string Sha256(std::string_view data) {
    const DigestContext context = NewSha256();
    EVP_DigestUpdate(context.get(), data.data(), data.size());
    return Finish(context.get());
}

std::string Sha256Hex(std::string_view data) { return HexEncode(Sha256(data)); }

Result<std::string> Sha256HexOfFile(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NotFound("cannot open " + path + ": " + std::strerror(errno));
    const DigestContext context = NewSha256();
    char buffer[1 << 16];
    ssize_t count = 0;
    while ((count = ::read(fd, buffer, sizeof buffer)) > 0) {
        EVP_DigestUpdate(context.get(), buffer, static_cast<size_t>(count));
    }
    const int error = errno;
    ::close(fd);
    if (count < 0) return Internal("cannot read " + path + ": " + std::strerror(error));
    return HexEncode(Finish(context.get()));
}

std::string HexEncode(std::string_view bytes) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

std::string Base64Encode(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), Bytes(bytes),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

std::string Base64UrlEncode(std::string_view bytes) {
    std::string text = Base64Encode(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (!text.empty() && text.back() == '=') text.pop_back();
    return text;
}

Result<std::string> Base64Decode(std::string_view text) {
    const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - padding);
    // EVP_DecodeBlock skips blanks; the standard's alphabet has none.
    const bool clean = std::all_of(digits.begin(), digits.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    });
    if (!clean || text.size() % 4 != 0) return Invalid("not base64");
    std::string bytes(text.size() / 4 * 3 + 1, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), Bytes(text),
                                       static_cast<int>(text.size()));
    if (length < 0) return Invalid("not base64");
    bytes.resize(static_cast<size_t>(length) - padding);
    // The last digit may hold bits that belong to no byte. Were they ignored, one value would have
    // several texts.
    if (padding > 0) {
        const std::string last = Base64Encode(std::string_view(bytes).substr(bytes.size() / 3 * 3));
        if (last != text.substr(text.size() - 4)) return Invalid("not base64");
    }
    return bytes;
}

Result<std::string> Base64UrlDecode(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos) return Invalid("not URL-safe base64");
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    if (standard.size() % 4 == 1) return Invalid("not URL-safe base64");
    standard.append((4 - standard.size() % 4) % 4, '=');
    return Base64Decode(standard);
}

bool ConstantTimeEquals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace yard
