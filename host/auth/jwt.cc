#include "host/auth/jwt.h"

#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/json.h"
#include "host/auth/jwt_signature.h"

namespace yard::auth {
namespace {

constexpr size_t kTokenBytesMax = 16 * 1024;

Error Unauthenticated(std::string message) {
    return {ErrorKind::kUnauthenticated, std::move(message), {}};
}
Error InvalidToken(const std::string& why) { return Unauthenticated("Invalid token: " + why); }

struct Parts {
    std::string_view signed_text;  // header.payload
    std::string_view header, payload, signature;
};

Result<Parts> Split(std::string_view token) {
    const size_t first = token.find('.');
    const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return InvalidToken("Not enough segments");
    return Parts{token.substr(0, second), token.substr(0, first),
                 token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

// A claim that holds seconds since the epoch, whole or with a fraction; false if it is of another
// type.
bool Seconds(View claim, double& seconds) {
    if (!claim.IsNumber()) return false;
    seconds = claim.AsDouble();
    return true;
}

Result<Ok> CheckTimes(View claims, Timestamp now) {
    const double now_s = static_cast<double>(now.ms) / 1000;
    double seconds = 0;
    if (claims.Has("iat")) {
        if (!Seconds(claims["iat"], seconds)) {
            return InvalidToken("Issued At claim (iat) must be an integer.");
        }
        if (seconds > now_s) return InvalidToken("The token is not yet valid (iat)");
    }
    if (claims.Has("nbf")) {
        if (!Seconds(claims["nbf"], seconds)) {
            return InvalidToken("Not Before claim (nbf) must be an integer.");
        }
        if (seconds > now_s) return InvalidToken("The token is not yet valid (nbf)");
    }
    if (claims.Has("exp")) {
        if (!Seconds(claims["exp"], seconds)) {
            return InvalidToken("Expiration Time claim (exp) must be an integer.");
        }
        if (seconds <= now_s) return Unauthenticated("Token has expired");
    }
    return Ok{};
}

Result<Ok> CheckAudience(View audience, std::string_view wanted) {
    if (audience.IsNull()) return InvalidToken("Token is missing the \"aud\" claim");
    if (audience.IsString() && audience.AsString() == wanted) return Ok{};
    for (const View one : audience.items()) {
        if (one.StringOr("") == wanted) return Ok{};
    }
    return InvalidToken("Audience doesn't match");
}

class Verifier final : public JwtVerifier {
public:
    Verifier(std::string algorithm, std::unique_ptr<SignatureVerifier> signature,
             std::string audience)
        : algorithm_(std::move(algorithm)),
          signature_(std::move(signature)),
          audience_(std::move(audience)) {}

    Result<Value> Verify(std::string_view token, Timestamp now) const override {
        if (token.size() > kTokenBytesMax) return InvalidToken("longer than 16 KiB");
        const Parts parts = TRY(Split(token));
        TRY(CheckHeader(parts.header));
        const auto signature = Base64UrlDecode(parts.signature);
        if (!signature) return InvalidToken("Invalid crypto padding");
        if (!signature_->Verify(parts.signed_text, signature.value())) {
            return InvalidToken("Signature verification failed");
        }
        const auto payload = Base64UrlDecode(parts.payload);
        if (!payload) return InvalidToken("Invalid payload padding");
        const auto claims = ParseJson(payload.value());
        if (!claims || !claims.value()->IsObject()) {
            return InvalidToken("Invalid payload string: must be a json object");
        }
        TRY(CheckClaims(claims.value(), now));
        return claims.value();
    }

private:
    Result<Ok> CheckHeader(std::string_view encoded) const {
        const auto text = Base64UrlDecode(encoded);
        if (!text) return InvalidToken("Invalid header padding");
        const auto header = ParseJson(text.value());
        if (!header) return InvalidToken("Invalid header string: " + header.error().message);
        if (!header.value()->IsObject()) {
            return InvalidToken("Invalid header string: must be a json object");
        }
        const View algorithm = header.value()["alg"];
        if (!algorithm.IsString()) return InvalidToken("Algorithm not specified");
        if (algorithm.AsString() != algorithm_) {
            return InvalidToken("The specified alg value is not allowed");
        }
        // RFC 7515, 4.1.11: an extension that is marked critical and not understood makes the token
        // invalid.
        if (header.value()->Has("crit")) return InvalidToken("Unsupported critical extension");
        return Ok{};
    }

    Result<Ok> CheckClaims(View claims, Timestamp now) const {
        TRY(CheckTimes(claims, now));
        TRY(CheckAudience(claims["aud"], audience_));
        if (claims.Has("sub") && !claims["sub"].IsString()) {
            return InvalidToken("Subject must be a string");
        }
        if (claims.Has("jti") && !claims["jti"].IsString()) {
            return InvalidToken("JWT ID must be a string");
        }
        return Ok{};
    }

    std::string algorithm_;
    std::unique_ptr<SignatureVerifier> signature_;
    std::string audience_;
};

}  // namespace

Result<std::unique_ptr<JwtVerifier>> JwtVerifier::Create(std::string_view algorithm,
                                                         const std::string& key,
                                                         std::string audience) {
    if (key.empty()) {
        return Invalid(
            "JWT_VERIFY_KEY must be set. An empty JWT secret would allow anyone to forge valid "
            "tokens.");
    }
    auto signature = TRY(SignatureVerifier::Create(algorithm, key));
    return std::unique_ptr<JwtVerifier>(std::make_unique<Verifier>(
        std::string(algorithm), std::move(signature), std::move(audience)));
}

std::string SignJwtHs256(const Value& claims, std::string_view secret) {
    const std::string text = Base64UrlEncode(R"({"alg":"HS256","typ":"JWT"})") + "." +
                             Base64UrlEncode(WriteJson(claims));
    return text + "." + Base64UrlEncode(HmacSha256(secret, text));
}

bool IsSymmetricAlgorithm(std::string_view algorithm) { return algorithm.starts_with("HS"); }

}  // namespace yard::auth
