// The schema rules, on blocks declared here, and equality with the reference's entries for ten of
// its blocks.

#include <gtest/gtest.h>

#include <blk/blk.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "tests/unit/sdk/fake_host.h"

namespace yard {
namespace {

Value Json(std::string_view text) {
    auto parsed = ParseJson(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.ok() ? parsed.value() : Value();
}

template <typename Block>
Value Declaration() {
    return Json(blk::sv(blk::adapter<Block>::block()->spec_json));
}

template <typename Block>
std::string DeclarationError() {
    return std::string(Declaration<Block>()["error"].StringOr("no error"));
}

void ExpectEqual(View actual, std::string_view expected) {
    EXPECT_EQ(WriteJson(actual), WriteJson(Json(expected)));
}

struct Named {
    static constexpr const char *id = "test.block", *name = "TestBlock";
    static constexpr bool pure = true;
    void run(blk::call&, auto) {}
};

struct Kinds : Named {
    struct nested {
        std::string a;
        blk::defaulted<int> b = 3;
        BLK_MODEL("Nested", a, b)
    };
    struct in {
        std::string text;
        blk::defaulted<double> number = 0.25;
        blk::defaulted<std::vector<std::string>> names{"x", "y"};
        blk::defaulted<blk::dict> bag = blk::unset;
        std::optional<nested> maybe;
        std::map<std::string, bool> flags;
        blk::choice<"", "only"> one;
        BLK_IN(text, number, names, bag, maybe, flags, one)
    };
    static constexpr blk::port<nested> out{"out"};
    BLK_OUT(out)
    static void describe(blk::declaration& d) {
        d.input("text").min_length(1).depends_on({"number"}).secret();
        d.input("number").minimum(0).maximum(1.5);
        d.input("names").max_items(9).key("custom", R"({"a": [1, "}"]})");
    }
};

TEST(SchemaTest, ARequiredFieldHasNoDefaultAndIsNotAdvanced) {
    Value declaration = Declaration<Kinds>();
    ExpectEqual(declaration["inputSchema"]["properties"]["text"],
                R"({"type":"string","title":"Text","secret":true,"advanced":false,"minLength":1,
                    "depends_on":["number"]})");
    ExpectEqual(declaration["inputSchema"]["required"], R"(["text","flags","one"])");
}

TEST(SchemaTest, AFieldWithADefaultShowsItAndIsAdvanced) {
    Value declaration = Declaration<Kinds>();
    View properties = declaration["inputSchema"]["properties"];
    ExpectEqual(properties["number"],
                R"({"type":"number","title":"Number","default":0.25,"secret":false,"advanced":true,
                    "minimum":0,"maximum":1.5})");
    ExpectEqual(properties["names"],
                R"({"type":"array","items":{"type":"string"},"title":"Names","default":["x","y"],
                    "secret":false,"advanced":true,"maxItems":9,"custom":{"a":[1,"}"]}})");
    EXPECT_FALSE(properties["bag"].Has("default"));
}

TEST(SchemaTest, StructsChoicesAndMapsNest) {
    Value declaration = Declaration<Kinds>();
    View properties = declaration["inputSchema"]["properties"];
    ExpectEqual(properties["maybe"],
                R"({"anyOf":[{"properties":{"a":{"type":"string","title":"A"},
                    "b":{"type":"integer","title":"B","default":3}},"title":"Nested","type":"object",
                    "required":["a"]},{"type":"null"}],"default":null,"secret":false,"advanced":true})");
    ExpectEqual(properties["flags"]["additionalProperties"], R"({"type":"boolean"})");
    ExpectEqual(properties["one"], R"({"const":"only","type":"string","title":"One","secret":false,
                                       "advanced":false})");
}

TEST(SchemaTest, TheOutputErrorComesFirstUnlessDeclaredOrSwitchedOff) {
    Value declaration = Declaration<Kinds>();
    View properties = declaration["outputSchema"]["properties"];
    EXPECT_EQ((*properties.members().begin()).first, "error");
    ExpectEqual(declaration["outputSchema"]["required"], R"(["out"])");
}

TEST(SchemaTest, TitlesFollowTheNames) {
    EXPECT_EQ(blk::title_of("rss_url"), "Rss Url");
    EXPECT_EQ(blk::title_of("value1"), "Value1");
    EXPECT_EQ(blk::title_of("base_64x"), "Base 64X");
    EXPECT_EQ(blk::title_of("useURL"), "Useurl");
}

struct Keys : Named {
    struct in {
        std::string model;
        std::optional<blk::cred<"openai">> credentials;
        BLK_IN(model, credentials)
    };
    static void describe(blk::declaration& d) {
        d.input("credentials").providers({"openai", "groq"}).types({"api_key", "oauth2"});
        d.input("credentials").discriminator("model").discriminator_mapping({{"gpt", "openai"}});
    }
};

TEST(SchemaTest, CredentialsSayProvidersTypesAndDiscriminator) {
    Value declaration = Declaration<Keys>();
    View field = declaration["inputSchema"]["properties"]["credentials"];
    EXPECT_EQ(field["title"].AsString(),
              "CredentialsMetaInput[Literal[<ProviderName.OPENAI: 'openai'>, <ProviderName.GROQ: "
              "'groq'>], "
              "Literal['api_key', 'oauth2']]");
    ExpectEqual(field["properties"]["provider"],
                R"({"title":"Provider","enum":["openai","groq"],"type":"string"})");
    ExpectEqual(declaration["credentials"],
                R"([{"field":"credentials","required":false,"providers":["openai","groq"],
                     "types":["api_key","oauth2"],"scopes":null,"discriminator":"model",
                     "discriminator_mapping":{"gpt":"openai"}}])");
}

struct UnknownField : Named {
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static void describe(blk::declaration& d) { d.input("txet").description("a typing error"); }
};
struct PlainBool : Named {
    struct in {
        bool on;
        BLK_IN(on)
    };
};
struct HiddenDefault : Named {
    struct in {
        int64_t count = 5;
        BLK_IN(count)
    };
};
struct MisnamedKey : Named {
    struct in {
        blk::cred<"a"> key;
        BLK_IN(key)
    };
};
struct NoDiscriminator : Named {
    struct in {
        blk::cred<"a"> credentials;
        BLK_IN(credentials)
    };
    static void describe(blk::declaration& d) { d.input("credentials").providers({"a", "b"}); }
};
struct NotACredential : Named {
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static void describe(blk::declaration& d) { d.input("text").scopes({"x"}); }
};
struct BadRaw : Named {
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static void describe(blk::declaration& d) { d.input("text").raw("[1]"); }
};
struct BadChoice : Named {
    struct in {
        blk::defaulted<blk::choice<"", "a", "b">> letter = "c";
        BLK_IN(letter)
    };
};

TEST(SchemaTest, AWrongDeclarationSaysWhatIsWrong) {
    EXPECT_EQ(DeclarationError<UnknownField>(), "Input has no field \"txet\"");
    EXPECT_EQ(DeclarationError<PlainBool>(), "\"on\" needs a default: blk::defaulted<bool>");
    EXPECT_EQ(DeclarationError<HiddenDefault>(),
              "\"count\" is required but has an initializer: declare it blk::defaulted<...>");
    EXPECT_EQ(DeclarationError<MisnamedKey>(),
              "\"key\": credentials, and nothing else, are named credentials or *_credentials");
    EXPECT_EQ(DeclarationError<NoDiscriminator>(),
              "\"credentials\" has several providers and needs a discriminator()");
    EXPECT_EQ(DeclarationError<NotACredential>(),
              "\"text\" is not a blk::cred, so it has no types or scopes");
    EXPECT_EQ(DeclarationError<BadRaw>(), "raw() takes a JSON object");
    EXPECT_EQ(DeclarationError<BadChoice>(), "is not one of the choices: \"c\"");
}

TEST(SchemaTest, RawMembersReplaceAndAppend) {
    blk::schema schema(R"({"a": 1, "b": {"x": ["}", "\"", {}]}})");
    schema.merge(R"( {"a" : "two" , "c":[1,2]} )");
    EXPECT_EQ(schema.text(), R"({"a":"two","b":{"x": ["}", "\"", {}]},"c":[1,2]})");
    EXPECT_THROW(schema.merge("{a: 1}"), blk::error);
    EXPECT_THROW(schema.merge("{\"a\"}"), blk::error);
}

TEST(SchemaTest, TextsAreQuotedAndNumbersAreShort) {
    EXPECT_EQ(blk::quote("a\"\\\n\x01"), R"("a\"\\\u000a\u0001")");
    EXPECT_EQ(blk::number_text(0.1), "0.1");
    EXPECT_EQ(blk::number_text(100), "100");
    EXPECT_EQ(blk::number_text(INFINITY), "null");
}

// ---- against the reference
// ------------------------------------------------------------------------
std::filesystem::path ContractFolder() {
    if (const char* folder = std::getenv("BLOCKYARD_CONTRACT_DIR")) return folder;
    return std::filesystem::path(YARD_SOURCE_DIR).parent_path() / "shared/contract";
}

std::map<std::string, Value> ContractBlocks() {
    std::map<std::string, Value> blocks;
    for (const auto& file : std::filesystem::directory_iterator(ContractFolder() / "blocks")) {
        std::ifstream in(file.path());
        std::string text{std::istreambuf_iterator<char>(in), {}};
        Value list = Json(text);
        for (View block : list->items()) {
            blocks[std::string(block["id"].AsString())] = Value::Copy(block);
        }
    }
    return blocks;
}

TEST(ContractTest, DeclaredBlocksEqualTheReferencesEntries) {
    if (!std::filesystem::exists(ContractFolder() / "blocks")) GTEST_SKIP() << "no contract folder";
    std::map<std::string, Value> contract = ContractBlocks();
    const blk_plugin& plugin = LoadTestPlugin("test_contract_blocks");
    ASSERT_GE(plugin.block_count, 10u);
    for (uint32_t k = 0; k < plugin.block_count; ++k) {
        Value ours = Json(blk::sv(plugin.blocks[k]->spec_json));
        auto theirs = contract.find(std::string(ours["id"].AsString()));
        ASSERT_NE(theirs, contract.end()) << ours["name"].AsString();
        for (const char* key :
             {"id", "name", "inputSchema", "outputSchema", "description", "categories",
              "contributors", "staticOutput", "uiType", "costs", "is_sensitive_action"}) {
            EXPECT_TRUE(Equal(ours[key], theirs->second[key]))
                << ours["name"].AsString() << " " << key << "\n"
                << WriteJson(ours[key]) << "\n"
                << WriteJson(theirs->second[key]);
        }
    }
}

}  // namespace
}  // namespace yard
