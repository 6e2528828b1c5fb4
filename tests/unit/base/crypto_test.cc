#include "base/crypto.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace yard {
namespace {

TEST(CryptoTest, Sha256MatchesThePublishedVectors) {
    EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(Sha256("abc").size(), 32U);
    EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(CryptoTest, FileHashIsTheHashOfItsContents) {
    std::string pattern = (std::filesystem::temp_directory_path() / "crypto-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    const std::string file = pattern + "/f";
    std::ofstream(file) << std::string(1'000'000, 'a');
    EXPECT_EQ(Sha256HexOfFile(file).value(), Sha256Hex(std::string(1'000'000, 'a')));
    EXPECT_EQ(Sha256HexOfFile(pattern + "/none").error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(Sha256HexOfFile(pattern).error().kind, ErrorKind::kInternal);
    std::filesystem::remove_all(pattern);
}

TEST(CryptoTest, Base64MatchesRfc4648) {
    const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(Base64Encode(plain), encoded);
        EXPECT_EQ(Base64Decode(encoded).value(), plain);
    }
    EXPECT_EQ(Base64UrlEncode("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(Base64UrlEncode("f"), "Zg");
}

TEST(CryptoTest, BytesOfEveryLengthSurvive) {
    for (size_t size = 0; size < 100; ++size) {
        const std::string bytes = RandomBytes(size);
        EXPECT_EQ(Base64Decode(Base64Encode(bytes)).value(), bytes);
        EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)).value(), bytes);
    }
}

TEST(CryptoTest, MalformedBase64IsRefused) {
    for (const std::string text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\n",
                                   " Zm9v", "Zm9v====", "Zm=v", "Zm-_", "Zg==Zg=="}) {
        EXPECT_FALSE(Base64Decode(text).ok()) << text;
    }
    for (const std::string text : {"Z", "Zg==", "Zm+/", "Zm9v Zg", "Zm9vY"}) {
        EXPECT_FALSE(Base64UrlDecode(text).ok()) << text;
    }
}

TEST(CryptoTest, NonCanonicalBase64IsRefused) {
    // Two texts for one value would let a signature or a token be spelled in two ways.
    EXPECT_FALSE(Base64Decode("Zh==").ok());
    EXPECT_FALSE(Base64Decode("Zm9=").ok());
    EXPECT_FALSE(Base64UrlDecode("Zh").ok());
}

TEST(CryptoTest, HexIsLowerCase) { EXPECT_EQ(HexEncode(std::string("\0\xab\xff", 3)), "00abff"); }

TEST(CryptoTest, RandomBytesDiffer) {
    EXPECT_EQ(RandomBytes(0), "");
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(RandomBytes(16)).second);
}

TEST(CryptoTest, ConstantTimeEqualsComparesAllOfBoth) {
    EXPECT_TRUE(ConstantTimeEquals("", ""));
    EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
    EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
    EXPECT_FALSE(ConstantTimeEquals("abc", "ab"));
    EXPECT_FALSE(ConstantTimeEquals(std::string("a\0b", 3), std::string("a\0c", 3)));
}

}  // namespace
}  // namespace yard
