#include "host/auth/jwt_signature.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/crypto.h"

namespace yard::auth {
namespace {

template <auto kFree>
struct Deleter {
    template <typename T>
    void operator()(T* object) const {
        kFree(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

enum class Family { kHmac, kRsa, kRsaPss, kEcdsa, kEdDsa };

struct Algorithm {
    std::string_view name;
    Family family;
    const EVP_MD* (*digest)();  // Null for EdDSA, which has its own.
    int key_bits;               // ECDSA: of the curve. Else 0.
};

constexpr Algorithm kAlgorithms[] = {
    {"HS256", Family::kHmac, EVP_sha256, 0},    {"HS384", Family::kHmac, EVP_sha384, 0},
    {"HS512", Family::kHmac, EVP_sha512, 0},    {"RS256", Family::kRsa, EVP_sha256, 0},
    {"RS384", Family::kRsa, EVP_sha384, 0},     {"RS512", Family::kRsa, EVP_sha512, 0},
    {"PS256", Family::kRsaPss, EVP_sha256, 0},  {"PS384", Family::kRsaPss, EVP_sha384, 0},
    {"PS512", Family::kRsaPss, EVP_sha512, 0},  {"ES256", Family::kEcdsa, EVP_sha256, 256},
    {"ES384", Family::kEcdsa, EVP_sha384, 384}, {"ES512", Family::kEcdsa, EVP_sha512, 521},
    {"EdDSA", Family::kEdDsa, nullptr, 0},
};

const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(digest, key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), mac, &size);
    return {reinterpret_cast<const char*>(mac), size};
}

class HmacVerifier final : public SignatureVerifier {
public:
    HmacVerifier(const EVP_MD* digest, std::string key) : digest_(digest), key_(std::move(key)) {}

    bool Verify(std::string_view signed_text, std::string_view signature) const override {
        return ConstantTimeEquals(Hmac(digest_, key_, signed_text), signature);
    }

private:
    const EVP_MD* digest_;
    std::string key_;
};

// JOSE writes an ECDSA signature as r and s side by side (RFC 7518, 3.4), OpenSSL wants it in DER.
std::optional<std::string> EcdsaToDer(std::string_view raw, int key_bits) {
    const size_t half = static_cast<size_t>(key_bits + 7) / 8;
    if (raw.size() != 2 * half) return std::nullopt;
    const EcdsaSignature signature(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(Bytes(raw), static_cast<int>(half), nullptr);
    BIGNUM* s = BN_bin2bn(Bytes(raw) + half, static_cast<int>(half), nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {  // Takes r and s over.
        BN_free(r);
        BN_free(s);
        return std::nullopt;
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return std::nullopt;
    std::string text(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
    OPENSSL_free(der);
    return text;
}

class PublicKeyVerifier final : public SignatureVerifier {
public:
    PublicKeyVerifier(const Algorithm& algorithm, Key key)
        : algorithm_(algorithm), key_(std::move(key)) {}

    bool Verify(std::string_view signed_text, std::string_view signature) const override {
        std::string der;
        if (algorithm_.family == Family::kEcdsa) {
            auto converted = EcdsaToDer(signature, algorithm_.key_bits);
            if (!converted) return false;
            der = std::move(*converted);
            signature = der;
        }
        const Context context(EVP_MD_CTX_new());
        EVP_PKEY_CTX* parameters = nullptr;  // Belongs to `context`.
        const EVP_MD* digest = algorithm_.digest != nullptr ? algorithm_.digest() : nullptr;
        if (!context ||
            EVP_DigestVerifyInit(context.get(), &parameters, digest, nullptr, key_.get()) != 1) {
            return false;
        }
        if (algorithm_.family == Family::kRsaPss &&
            (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
             EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
            return false;
        }
        return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                Bytes(signed_text), signed_text.size()) == 1;
    }

private:
    const Algorithm& algorithm_;
    Key key_;
};

// Whether the key is of the algorithm's kind. RSA below 2048 bits is refused (RFC 7518, 3.3).
bool Fits(const Algorithm& algorithm, EVP_PKEY* key) {
    const int id = EVP_PKEY_get_base_id(key);
    switch (algorithm.family) {
        case Family::kHmac: return false;
        case Family::kRsa:
        case Family::kRsaPss: return id == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= 2048;
        case Family::kEcdsa:
            return id == EVP_PKEY_EC && EVP_PKEY_get_bits(key) == algorithm.key_bits;
        case Family::kEdDsa: return id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448;
    }
    return false;
}

}  // namespace

Result<std::unique_ptr<SignatureVerifier>> SignatureVerifier::Create(std::string_view algorithm,
                                                                     const std::string& key) {
    const auto* found =
        std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                     [&](const Algorithm& known) { return known.name == algorithm; });
    if (found == std::end(kAlgorithms)) {
        return Invalid(
            "Invalid JWT_SIGN_ALGORITHM: '" + std::string(algorithm) +
            "'. Use HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, "
            "ES384, ES512 or EdDSA.");
    }
    if (found->family == Family::kHmac) {
        return std::unique_ptr<SignatureVerifier>(
            std::make_unique<HmacVerifier>(found->digest(), key));
    }
    const Bio bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
    Key public_key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    if (!public_key || !Fits(*found, public_key.get())) {
        return Invalid("the JWT verification key is not a public key in PEM that fits " +
                       std::string(algorithm));
    }
    return std::unique_ptr<SignatureVerifier>(
        std::make_unique<PublicKeyVerifier>(*found, std::move(public_key)));
}

std::string HmacSha256(std::string_view key, std::string_view text) {
    return Hmac(EVP_sha256(), key, text);
}

}  // namespace yard::auth
