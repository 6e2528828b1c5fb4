// auth.mode=external: tokens that another service signed.

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <chrono>
#include <memory>

#include "base/crypto.h"
#include "tests/e2e/api_client.h"

namespace yard::e2e {
namespace {

constexpr char kSecret[] = "a secret of at least thirty-two bytes";
constexpr char kUser[] = "7f0b3e52-9c1d-4f6a-8a55-1b0c3d2e4f60";

struct KeyDeleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;

std::string PublicPem(EVP_PKEY* key) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PUBKEY(memory.get(), key);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return std::string(bytes, static_cast<size_t>(size));
}

std::string RsaSha256(EVP_PKEY* key, const std::string& text) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, data, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                   text.size());
    signature.resize(size);
    return signature;
}

std::string HmacSha256(const std::string& secret, const std::string& text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
    return std::string(reinterpret_cast<const char*>(digest), size);
}

std::string Unsigned(const std::string& algorithm, const std::string& claims) {
    return Base64UrlEncode(R"({"alg":")" + algorithm + R"(","typ":"JWT"})") + "." +
           Base64UrlEncode(claims);
}

std::string Hs256Token(const std::string& claims, const std::string& secret = kSecret) {
    const std::string text = Unsigned("HS256", claims);
    return text + "." + Base64UrlEncode(HmacSha256(secret, text));
}

std::string Rs256Token(EVP_PKEY* key, const std::string& claims) {
    const std::string text = Unsigned("RS256", claims);
    return text + "." + Base64UrlEncode(RsaSha256(key, text));
}

int64_t NowSeconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string Claims(const std::string& audience = R"("authenticated")", int64_t lives_s = 600) {
    return std::string(R"({"sub":")") + kUser +
           R"(","role":"authenticated","email":"eve@example.com","aud":)" + audience +
           R"(,"exp":)" + std::to_string(NowSeconds() + lives_s) + "}";
}

int Status(const ServerProcess& server, const std::string& token) {
    return ApiClient(server.port(), token).Post("/api/auth/user", "{}").status;
}

// A PEM in one argument: the settings are no shell.
ServerOptions External(const std::string& algorithm, const std::string& key) {
    ServerOptions options;
    options.settings = {"auth.mode=external", "auth.jwt_sign_algorithm=" + algorithm,
                        "auth.jwt_verify_key=" + key};
    return options;
}

TEST(ExternalTokensTest, Hs256TokensAreAcceptedWithTheRightSecretAudienceAndTime) {
    ServerProcess server(External("HS256", kSecret));
    EXPECT_EQ(Status(server, Hs256Token(Claims())), 200);
    EXPECT_EQ(Status(server, Hs256Token(Claims(R"(["other","authenticated"])"))), 200);
    EXPECT_EQ(Status(server, Hs256Token(Claims(R"("other")"))), 401);
    EXPECT_EQ(Status(server, Hs256Token(Claims(R"([])"))), 401);
    EXPECT_EQ(Status(server, Hs256Token(Claims("7"))), 401);
    EXPECT_EQ(Status(server, Hs256Token(Claims(R"("authenticated")", -1))), 401);
    EXPECT_EQ(Status(server, Hs256Token(Claims(), "another secret of thirty-two bytes")), 401);
    EXPECT_EQ(Status(server, Hs256Token("[]")), 401);
    EXPECT_EQ(Status(server, Unsigned("none", Claims()) + "."), 401);
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExternalTokensTest, ThereIsNoSigningInHere) {
    ServerProcess server(External("HS256", kSecret));
    EXPECT_EQ(SignUpAnswer(server.port(), "ada@example.com", kPassword).status, 404);
    EXPECT_EQ(SignInAnswer(server.port(), "ada@example.com", kPassword).status, 404);
}

TEST(ExternalTokensTest, Rs256TokensAreCheckedWithThePublicKeyOnly) {
    const Key key(EVP_RSA_gen(2048));
    const Key other(EVP_RSA_gen(2048));
    ASSERT_TRUE(key && other);
    const std::string pem = PublicPem(key.get());
    ServerProcess server(External("RS256", pem));
    EXPECT_EQ(Status(server, Rs256Token(key.get(), Claims())), 200);
    EXPECT_EQ(Status(server, Rs256Token(other.get(), Claims())), 401);
    EXPECT_EQ(Status(server, Rs256Token(key.get(), Claims(R"("other")"))), 401);
    EXPECT_EQ(Status(server, Rs256Token(key.get(), Claims(R"("authenticated")", -1))), 401);
    // The old trick: the public key as the secret of a symmetric signature.
    EXPECT_EQ(Status(server, Hs256Token(Claims(), pem)), 401);
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExternalTokensTest, AKeyThatDoesNotFitStopsTheStartWithASentence) {
    const TemporaryFolder folder;
    for (const auto& [algorithm, key] : {std::pair<std::string, std::string>{"RS256", "no PEM"},
                                         {"ES256", "no PEM"},
                                         {"HS256", ""}}) {
        const Finished run =
            RunToEnd(ServeCommand(External(algorithm, key), (folder.path() / "data").string()));
        EXPECT_EQ(run.exit_code, 1) << algorithm;
        EXPECT_NE(run.err.find("blockyard: "), std::string::npos) << run.err;
    }
}

}  // namespace
}  // namespace yard::e2e
