#include "tools/blkc/describe.h"

#include <dlfcn.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/uuid.h"

namespace yard::blkc {
namespace {

std::string Text(blk_str text) { return {text.ptr, static_cast<size_t>(text.len)}; }

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// What a declaration may leave out. Empty `text_default` = it may not.
struct Member {
    const char* name;
    Type type;
    const char* json_default;
};
constexpr Member kMembers[] = {
    {"id", Type::kString, ""},
    {"name", Type::kString, ""},
    {"description", Type::kString, "\"\""},
    {"categories", Type::kArray, "[]"},
    {"contributors", Type::kArray, "[]"},
    {"uiType", Type::kString, "\"Standard\""},
    {"staticOutput", Type::kBool, "false"},
    {"is_sensitive_action", Type::kBool, "false"},
    {"flags", Type::kArray, "[]"},
    {"inputSchema", Type::kObject, ""},
    {"outputSchema", Type::kObject, ""},
    {"costs", Type::kArray, "[]"},
    {"credentials", Type::kArray, "[]"},
};

const char* NameOf(Type type) {
    switch (type) {
        case Type::kString: return "a text";
        case Type::kBool: return "true or false";
        case Type::kArray: return "a list";
        default: return "an object";
    }
}

Result<> CheckSchema(View schema, std::string_view name) {
    if (!schema["properties"].IsObject() || schema["type"].StringOr("") != "object") {
        return Invalid(std::string(name) +
                       " must have \"type\": \"object\" and an object of "
                       "\"properties\".");
    }
    for (auto [property, type] : schema["properties"].members()) {
        if (!type.IsObject()) {
            return Invalid("the property " + Quoted(property) + " of " + std::string(name) +
                           " is not an object.");
        }
    }
    for (View required : schema["required"].items()) {
        if (!schema["properties"].Has(required.StringOr(""))) {
            return Invalid(std::string(name) + " requires a property that it does not have.");
        }
    }
    return Ok{};
}

Result<> CheckCosts(View costs) {
    for (View cost : costs.items()) {
        std::string_view type = cost["cost_type"].StringOr("");
        bool known = type == "run" || type == "byte" || type == "second";
        if (!known || !cost["cost_amount"].IsInt() || !cost["cost_filter"].IsObject()) {
            return Invalid(
                "a cost needs an integer cost_amount, an object cost_filter and a "
                "cost_type of run, byte or second.");
        }
    }
    return Ok{};
}

Result<> CheckMember(const Member& member, View value) {
    if (value.type() == member.type) return Ok{};
    return Invalid("its " + Quoted(member.name) + " must be " + NameOf(member.type) + ".");
}

Value FlagNames(uint32_t flags) {
    std::vector<std::string> names;
    if (flags & BLK_F_BLOCKING) names.push_back("blocking");
    if (flags & BLK_F_SERIAL) names.push_back("serial");
    return Value::Strings(names);
}

Result<Value> Complete(View spec, uint32_t flags) {
    ValueBuilder complete;
    complete.BeginObject();
    for (const Member& member : kMembers) {
        std::string_view name = member.name;
        if (name == "flags") {
            complete.Member(name, FlagNames(flags));
        } else if (spec.Has(name)) {
            TRY(CheckMember(member, spec[name]));
            complete.Member(name, spec[name]);
        } else if (*member.json_default) {
            complete.Member(name, TRY(ParseJson(member.json_default)));
        } else {
            return Invalid("it does not say its " + Quoted(name) + ".");
        }
    }
    return complete.EndObject().Take();
}

Result<> CheckTable(const blk_block* block, size_t index) {
    bool complete = BLK_HAS(block, close) && block->create && block->destroy && block->open &&
                    block->step && block->close;
    if (complete) return Ok{};
    return Invalid("Block number " + std::to_string(index) +
                   " of the plugin lacks a function; fill in every member of blk_block.");
}

}  // namespace

Result<const blk_plugin*> LoadPlugin(const std::string& path) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) return Invalid(std::string("The plugin cannot be loaded: ") + dlerror());
    auto entry =
        reinterpret_cast<decltype(&blk_plugin_entry_v1)>(dlsym(library, "blk_plugin_entry_v1"));
    if (!entry) return Invalid("The library exports no blk_plugin_entry_v1: it is not a plugin.");
    const blk_plugin* plugin = entry();
    if (!BLK_HAS(plugin, fini)) {
        return Invalid("The plugin's entry function returned no complete blk_plugin.");
    }
    if (plugin->abi_major != BLK_ABI_MAJOR || plugin->need_minor > BLK_ABI_MINOR) {
        return Invalid("The plugin needs block ABI " + std::to_string(plugin->abi_major) + "." +
                       std::to_string(plugin->need_minor) + ", this tool has " +
                       std::to_string(BLK_ABI_MAJOR) + "." + std::to_string(BLK_ABI_MINOR) + ".");
    }
    return plugin;
}

bool IsBlockId(std::string_view id) {
    if (IsUuid(id)) return true;
    auto word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    bool dotted = id.find('.') != id.npos && id.find("..") == id.npos;
    return dotted && id.size() <= 200 && word(id.front()) && word(id.back()) &&
           std::all_of(id.begin(), id.end(), [&](char c) { return c == '.' || word(c); });
}

Result<Value> CheckBlock(std::string_view id, uint32_t flags, std::string_view spec_json) {
    auto say = [&](const std::string& fault) {
        return Invalid("Block " + Quoted(id) + ": " + fault);
    };
    if (!IsBlockId(id)) return say("the id must be a UUID or dotted words as in com.acme.chat.");
    auto spec = ParseJson(spec_json);
    if (!spec) return say("its declaration is not JSON: " + spec.error().message);
    View declared = spec.value();
    if (!declared.IsObject()) return say("its declaration is not a JSON object.");
    if (declared.Has("error"))
        return say(std::string(declared["error"].StringOr("declaration failed")));
    auto complete = Complete(declared, flags);
    if (!complete) return say(complete.error().message);
    View block = complete.value();
    if (block["id"].AsString() != id) return say("its declaration has the id of another block.");
    if (block["name"].AsString().empty()) return say("its name is empty.");
    auto input = CheckSchema(block["inputSchema"], "inputSchema");
    if (!input) return say(input.error().message);
    auto output = CheckSchema(block["outputSchema"], "outputSchema");
    if (!output) return say(output.error().message);
    View error = block["outputSchema"]["properties"]["error"];
    if (!error.IsNull() && error["type"].StringOr("") != "string") {
        return say("the output \"error\" must be a string.");
    }
    auto costs = CheckCosts(block["costs"]);
    if (!costs) return say(costs.error().message);
    return complete;
}

Result<PluginDescription> DescribePlugin(const std::string& path) {
    const blk_plugin* plugin = TRY(LoadPlugin(path));
    PluginDescription description;
    description.id = Text(plugin->id);
    description.version = Text(plugin->version);
    description.sdk = Text(plugin->sdk);
    description.abi_major = plugin->abi_major;
    description.abi_minor = plugin->abi_minor;
    description.need_minor = plugin->need_minor;
    if (!IsBlockId(description.id) || description.version.empty()) {
        return Invalid(
            "The plugin's id must be dotted words as in com.acme.ai, its version a text.");
    }
    std::set<std::string, std::less<>> ids, names;
    for (size_t k = 0; k < plugin->block_count; ++k) {
        const blk_block* block = plugin->blocks[k];
        TRY(CheckTable(block, k));
        Value checked = TRY(CheckBlock(Text(block->id), block->flags, Text(block->spec_json)));
        std::string name(checked["name"].AsString());
        if (!ids.insert(Text(block->id)).second || !names.insert(name).second) {
            return Invalid("Two blocks of the plugin have the id or name of " + Quoted(name) + ".");
        }
        description.blocks.push_back(std::move(checked));
    }
    return description;
}

}  // namespace yard::blkc
