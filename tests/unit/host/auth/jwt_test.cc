#include "host/auth/jwt.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>

#include "base/crypto.h"
#include "base/json.h"
#include "host/auth/jwt_signature.h"

namespace yard::auth {
namespace {

constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";
constexpr Timestamp kNow{1'700'000'000'000};

std::unique_ptr<JwtVerifier> Verifier(std::string_view algorithm = "HS256",
                                      const std::string& key = kSecret) {
    auto made = JwtVerifier::Create(algorithm, key, "authenticated");
    EXPECT_TRUE(made.ok());
    return std::move(made).value();
}

Value Claims(const std::string& json) { return ParseJson(json).value(); }

std::string Sign(const std::string& claims) { return SignJwtHs256(Claims(claims), kSecret); }

std::string ErrorOf(const std::string& token, const JwtVerifier& verifier) {
    const auto result = verifier.Verify(token, kNow);
    if (result.ok()) return "accepted";
    EXPECT_EQ(result.error().kind, ErrorKind::kUnauthenticated);
    return result.error().message;
}
std::string ErrorOf(const std::string& token) { return ErrorOf(token, *Verifier()); }

struct KeyPair {
    std::shared_ptr<EVP_PKEY> key;
    std::string public_pem;
};

KeyPair MakeKeyPair(EVP_PKEY* raw) {
    KeyPair pair{{raw, EVP_PKEY_free}, {}};
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, raw);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    pair.public_pem.assign(text, static_cast<size_t>(size));
    BIO_free(bio);
    return pair;
}

// The signature as OpenSSL makes it; ECDSA's is turned from DER into r and s side by side.
std::string SignWith(const KeyPair& pair, const std::string& text, bool ecdsa) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, pair.key.get());
    size_t size = 0;
    EVP_DigestSign(context, nullptr, &size, reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    signature.resize(size);
    if (!ecdsa) return signature;
    const auto* der = reinterpret_cast<const unsigned char*>(signature.data());
    ECDSA_SIG* parsed = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(signature.size()));
    std::string raw(64, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), bytes, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), bytes + 32, 32);
    ECDSA_SIG_free(parsed);
    return raw;
}

std::string Token(const std::string& header, const std::string& claims, const KeyPair& pair,
                  bool ecdsa) {
    const std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(claims);
    return text + "." + Base64UrlEncode(SignWith(pair, text, ecdsa));
}

TEST(JwtTest, AcceptsWhatItSigned) {
    const auto claims =
        Verifier()->Verify(Sign(R"({"sub":"u1","aud":"authenticated","exp":1700000001})"), kNow);
    ASSERT_TRUE(claims.ok()) << claims.error().message;
    EXPECT_EQ(claims.value()["sub"].AsString(), "u1");
}

TEST(JwtTest, AudienceMayBeOneOfSeveral) {
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":["x","authenticated"]})")), "accepted");
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":["x"]})")), "Invalid token: Audience doesn't match");
    EXPECT_EQ(ErrorOf(Sign(R"({"sub":"u"})")), "Invalid token: Token is missing the \"aud\" claim");
}

TEST(JwtTest, ExpiryIsExactToTheSecond) {
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","exp":1700000000})")), "Token has expired");
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","exp":"soon"})")),
              "Invalid token: Expiration Time claim (exp) must be an integer.");
}

TEST(JwtTest, TokensFromTheFutureAreRefused) {
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","iat":1700000060})")),
              "Invalid token: The token is not yet valid (iat)");
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","nbf":1700000060})")),
              "Invalid token: The token is not yet valid (nbf)");
}

TEST(JwtTest, ClaimsOfTheWrongTypeAreRefused) {
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","sub":5})")),
              "Invalid token: Subject must be a string");
    EXPECT_EQ(ErrorOf(Sign(R"({"aud":"authenticated","jti":5})")),
              "Invalid token: JWT ID must be a string");
}

TEST(JwtTest, ForgedPayloadIsRefused) {
    std::string token = Sign(R"({"aud":"authenticated","role":"authenticated"})");
    const size_t first = token.find('.');
    const size_t second = token.find('.', first + 1);
    token.replace(first + 1, second - first - 1,
                  Base64UrlEncode(R"({"aud":"authenticated","role":"admin"})"));
    EXPECT_EQ(ErrorOf(token), "Invalid token: Signature verification failed");
}

TEST(JwtTest, TheTokenDoesNotChooseTheAlgorithm) {
    const std::string payload = Base64UrlEncode(R"({"aud":"authenticated"})");
    const std::string none = Base64UrlEncode(R"({"alg":"none"})") + "." + payload + ".";
    EXPECT_EQ(ErrorOf(none), "Invalid token: The specified alg value is not allowed");
    const std::string other = Base64UrlEncode(R"({"alg":"HS512"})") + "." + payload + ".AAAA";
    EXPECT_EQ(ErrorOf(other), "Invalid token: The specified alg value is not allowed");
    const std::string missing = Base64UrlEncode("{}") + "." + payload + ".AAAA";
    EXPECT_EQ(ErrorOf(missing), "Invalid token: Algorithm not specified");
}

TEST(JwtTest, MalformedTokensSayWhatIsWrong) {
    EXPECT_EQ(ErrorOf("abc"), "Invalid token: Not enough segments");
    EXPECT_EQ(ErrorOf("a.b"), "Invalid token: Not enough segments");
    EXPECT_EQ(ErrorOf("!!!.e30.AAAA"), "Invalid token: Invalid header padding");
    EXPECT_TRUE(ErrorOf(Base64UrlEncode("{") + ".e30.AAAA")
                    .starts_with("Invalid token: Invalid header string: "));
    EXPECT_EQ(ErrorOf(Base64UrlEncode(R"({"alg":"HS256"})") + ".e30.!"),
              "Invalid token: Invalid crypto padding");
    EXPECT_EQ(ErrorOf(std::string(100'000, 'a')), "Invalid token: longer than 16 KiB");
}

TEST(JwtTest, Rs256TokensAreVerifiedWithThePublicKey) {
    const KeyPair pair = MakeKeyPair(EVP_RSA_gen(2048));
    const auto verifier = Verifier("RS256", pair.public_pem);
    const std::string claims = R"({"aud":"authenticated"})";
    EXPECT_EQ(ErrorOf(Token(R"({"alg":"RS256"})", claims, pair, false), *verifier), "accepted");
    const KeyPair stranger = MakeKeyPair(EVP_RSA_gen(2048));
    EXPECT_EQ(ErrorOf(Token(R"({"alg":"RS256"})", claims, stranger, false), *verifier),
              "Invalid token: Signature verification failed");
    // The public key is no secret: a token "signed" with it as an HMAC key must not pass.
    EXPECT_EQ(ErrorOf(SignJwtHs256(Claims(claims), pair.public_pem), *verifier),
              "Invalid token: The specified alg value is not allowed");
}

TEST(JwtTest, Es256TokensAreVerifiedWithThePublicKey) {
    const KeyPair pair = MakeKeyPair(EVP_EC_gen("P-256"));
    const auto verifier = Verifier("ES256", pair.public_pem);
    const std::string claims = R"({"aud":"authenticated"})";
    const std::string good = Token(R"({"alg":"ES256"})", claims, pair, true);
    EXPECT_EQ(ErrorOf(good, *verifier), "accepted");
    const size_t dot = good.rfind('.');
    const std::string signature = Base64UrlDecode(good.substr(dot + 1)).value();
    const std::string cut = good.substr(0, dot + 1) + Base64UrlEncode(signature.substr(0, 60));
    EXPECT_EQ(ErrorOf(cut, *verifier), "Invalid token: Signature verification failed");
}

TEST(JwtTest, KeysThatDoNotFitAreRefusedAtStart) {
    EXPECT_FALSE(JwtVerifier::Create("none", kSecret, "authenticated").ok());
    EXPECT_FALSE(JwtVerifier::Create("HS256", "", "authenticated").ok());
    EXPECT_FALSE(JwtVerifier::Create("RS256", kSecret, "authenticated").ok());
    const KeyPair curve = MakeKeyPair(EVP_EC_gen("P-384"));
    EXPECT_FALSE(JwtVerifier::Create("ES256", curve.public_pem, "authenticated").ok());
    const KeyPair small = MakeKeyPair(EVP_RSA_gen(1024));
    EXPECT_FALSE(JwtVerifier::Create("RS256", small.public_pem, "authenticated").ok());
}

}  // namespace
}  // namespace yard::auth
