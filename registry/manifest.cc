#include "registry/manifest.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"

namespace yard::registry {
namespace {

constexpr size_t kIdBytesMax = 128;
constexpr size_t kTextBytesMax = 1024;
constexpr size_t kBlocksMax = 4096;
constexpr int64_t kFormat = 1;

bool IsIdText(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= kIdBytesMax && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool IsPlainFileName(std::string_view name) {
    return !name.empty() && name.size() <= 255 && name.front() != '.' &&
           name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

bool IsSha256(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Reads members of one object; `place` prefixes their names in faults.
class Members {
public:
    Members(View object, std::string place) : object_(object), place_(std::move(place)) {}

    Error Fault(std::string_view name, std::string_view wanted) const {
        return Invalid("the manifest's '" + place_ + std::string(name) + "' must be " +
                       std::string(wanted));
    }
    Result<std::string> Id(std::string_view name) const {
        const View value = object_[name];
        if (!IsIdText(value.StringOr(""))) {
            return Fault(name, "an id of letters, digits, '.', '_' and '-', at most 128");
        }
        return std::string(value.AsString());
    }
    Result<std::string> Text(std::string_view name, bool required) const {
        const View value = object_[name];
        if (value.IsNull() && !required) return std::string();
        if (!value.IsString() || value.AsString().size() > kTextBytesMax ||
            (required && value.AsString().empty())) {
            return Fault(name, "a text of at most 1024 bytes");
        }
        return std::string(value.AsString());
    }
    Result<uint64_t> Number(std::string_view name, uint64_t max) const {
        const View value = object_[name];
        if (!value.IsUint() || value.AsUint() > max) {
            return Fault(name, "a whole number from 0 to " + std::to_string(max));
        }
        return value.AsUint();
    }
    Result<View> Object(std::string_view name) const {
        const View value = object_[name];
        if (!value.IsObject()) return Fault(name, "an object");
        return value;
    }

private:
    View object_;
    std::string place_;
};

Result<Ok> ReadAbi(View abi, Manifest& manifest) {
    const Members members(abi, "abi.");
    manifest.abi_major = static_cast<uint32_t>(TRY(members.Number("major", 65535)));
    manifest.abi_built = static_cast<uint32_t>(TRY(members.Number("built", 65535)));
    manifest.abi_need = static_cast<uint32_t>(TRY(members.Number("need", 65535)));
    return Ok{};
}

Result<Ok> ReadLibrary(View library, Manifest& manifest) {
    const Members members(library, "library.");
    manifest.library_file = TRY(members.Text("file", true));
    if (!IsPlainFileName(manifest.library_file)) {
        return members.Fault("file", "the plain name of a file in the manifest's directory");
    }
    manifest.library_arch = TRY(members.Text("arch", false));
    manifest.library_sha256 = TRY(members.Text("sha256", true));
    if (!IsSha256(manifest.library_sha256)) {
        return members.Fault("sha256", "64 lower-case hexadecimal digits");
    }
    manifest.library_size_bytes = TRY(members.Number("size", uint64_t{1} << 40));
    return Ok{};
}

Result<Ok> ReadBlocks(const Value& document, Manifest& manifest) {
    const View blocks = document["blocks"];
    const Members root(document, "");
    if (!blocks.IsArray() || blocks.empty() || blocks.size() > kBlocksMax) {
        return root.Fault("blocks", "an array of 1 to " + std::to_string(kBlocksMax) + " objects");
    }
    std::set<std::string, std::less<>> ids;
    size_t index = 0;
    for (const View entry : blocks.items()) {
        const Members members(entry, "blocks[" + std::to_string(index++) + "].");
        ManifestBlock block;
        block.id = TRY(members.Id("id"));
        block.name = TRY(members.Text("name", true));
        block.declaration = document.Share(entry);
        if (!ids.insert(block.id).second) {
            return Invalid("the manifest declares the block '" + block.id + "' twice");
        }
        manifest.blocks.push_back(std::move(block));
    }
    return Ok{};
}

}  // namespace

Result<Manifest> ParseManifest(std::string_view text) {
    if (text.size() > kManifestBytesMax) {
        return Invalid("the manifest is larger than " + std::to_string(kManifestBytesMax) +
                       " bytes");
    }
    JsonError where;
    auto parsed = ParseJson(text, {}, &where);
    if (!parsed) {
        return Invalid("the manifest is not valid JSON at byte " + std::to_string(where.offset) +
                       ": " + parsed.error().message);
    }
    const Value document = std::move(parsed).value();
    if (!document->IsObject()) return Invalid("the manifest must be a JSON object");
    const Members members(document, "");
    if (!document["manifest"].IsInt() || document["manifest"].AsInt() != kFormat) {
        return members.Fault("manifest", "1, the format this host reads");
    }
    Manifest manifest;
    manifest.id = TRY(members.Id("id"));
    manifest.version = TRY(members.Text("version", true));
    manifest.vendor = TRY(members.Text("vendor", false));
    manifest.license = TRY(members.Text("license", false));
    TRY(ReadAbi(TRY(members.Object("abi")), manifest));
    TRY(ReadLibrary(TRY(members.Object("library")), manifest));
    TRY(ReadBlocks(document, manifest));
    return manifest;
}

}  // namespace yard::registry
