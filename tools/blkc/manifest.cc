#include "tools/blkc/manifest.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/crypto.h"
#include "base/json.h"
#include "tools/blkc/describe.h"
#include "tools/blkc/elf_notes.h"

namespace yard::blkc {
namespace {

constexpr std::string_view kAboutMembers[] = {"vendor", "license", "run", "permissions"};

Result<std::string> ReadFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in) return NotFound("The file \"" + path + "\" cannot be read.");
    return content;
}

Result<> CheckTexts(View list, const std::string& name) {
    bool texts = list.IsArray();
    for (View item : list.items()) texts = texts && item.IsString();
    if (texts) return Ok{};
    return Invalid("The author's part: " + name + " must be a list of texts.");
}

Result<> CheckCredentials(View credentials) {
    if (!credentials.IsArray()) {
        return Invalid("The author's part: permissions.credentials must be a list.");
    }
    for (View credential : credentials.items()) {
        if (!credential["provider"].IsString()) {
            return Invalid(
                "The author's part: every entry of permissions.credentials needs a provider.");
        }
        TRY(CheckTexts(credential["hosts"], "permissions.credentials[].hosts"));
    }
    return Ok{};
}

Result<> CheckPermission(std::string_view name, View value) {
    if (name == "http") return CheckTexts(value, "permissions.http");
    if (name == "credentials") return CheckCredentials(value);
    return Invalid("The author's part: there is no permission \"" + std::string(name) + "\".");
}

Result<> CheckPermissions(View permissions) {
    if (!permissions.IsObject()) {
        return Invalid("The author's part: permissions must be an object.");
    }
    for (auto [name, value] : permissions.members()) TRY(CheckPermission(name, value));
    return Ok{};
}

Result<> CheckRun(View run) {
    std::string_view isolation = run["isolation"].StringOr("");
    std::string_view concurrency = run["concurrency"].StringOr("");
    bool known = (isolation == "any" || isolation == "process") &&
                 (concurrency == "parallel" || concurrency == "serial");
    if (known && run.size() == 2) return Ok{};
    return Invalid(
        "The author's part: run needs an isolation of any or process and a concurrency of "
        "parallel or serial.");
}

Result<Value> ParseAbout(std::string_view json) {
    if (json.empty()) return Value::EmptyObject();
    auto parsed = ParseJson(json);
    if (!parsed || !parsed.value()->IsObject()) {
        return Invalid("The author's part of the manifest is not a JSON object.");
    }
    Value about = std::move(parsed).value();
    for (auto [name, value] : about->members()) {
        if (std::ranges::find(kAboutMembers, name) == std::end(kAboutMembers)) {
            return Invalid("The author's part must not say \"" + std::string(name) +
                           "\": only vendor, license, run and permissions.");
        }
    }
    for (const char* name : {"vendor", "license"}) {
        if (about->Has(name) && !about[name].IsString()) {
            return Invalid(std::string("The author's part: ") + name + " must be a text.");
        }
    }
    if (about->Has("run")) TRY(CheckRun(about["run"]));
    if (about->Has("permissions")) TRY(CheckPermissions(about["permissions"]));
    return about;
}

// The numbers stand in the code and in the ELF note; a host trusts neither alone.
Result<> CheckNote(const ElfNotes& notes, const PluginDescription& plugin) {
    if (!notes.abi) {
        return Invalid("The library has no note .note.blk: use BLK_PLUGIN, or BLK_NOTE in C.");
    }
    if (notes.abi->major != plugin.abi_major || notes.abi->minor != plugin.abi_minor ||
        notes.abi->need_minor != plugin.need_minor) {
        return Invalid("The ABI version in .note.blk is not that of blk_plugin.");
    }
    return Ok{};
}

void AddOr(ValueBuilder& out, View about, const char* name, const Value& otherwise) {
    out.Member(name, about.Has(name) ? about[name] : otherwise.view());
}

}  // namespace

Result<Value> MakeManifest(const std::string& path, std::string_view about_json) {
    Value about = TRY(ParseAbout(about_json));
    std::string file = TRY(ReadFile(path));
    ElfNotes notes = TRY(ReadElfNotes(file));
    PluginDescription plugin = TRY(DescribePlugin(std::filesystem::absolute(path)));
    TRY(CheckNote(notes, plugin));

    ValueBuilder out;
    out.BeginObject()
        .Member("manifest", 1)
        .Member("id", plugin.id)
        .Member("version", plugin.version);
    AddOr(out, about, "vendor", Value::String(""));
    AddOr(out, about, "license", Value::String(""));
    out.Key("abi").BeginObject().Member("major", static_cast<int>(plugin.abi_major));
    out.Member("built", static_cast<int>(plugin.abi_minor));
    out.Member("need", static_cast<int>(plugin.need_minor)).EndObject();
    out.Key("library").BeginObject();
    out.Member("file", std::filesystem::path(path).filename().string());
    out.Member("arch", notes.machine).Member("sha256", Sha256Hex(file));
    out.Member("size", static_cast<int64_t>(file.size())).Member("build_id", notes.build_id);
    out.EndObject().Member("sdk", plugin.sdk);
    AddOr(out, about, "run",
          Value::Object(
              {{"isolation", Value::String("any")}, {"concurrency", Value::String("parallel")}}));
    AddOr(out, about, "permissions",
          Value::Object({{"http", Value::EmptyArray()}, {"credentials", Value::EmptyArray()}}));
    out.Member("blocks", Value::Array(plugin.blocks));
    return out.EndObject().Take();
}

}  // namespace yard::blkc
