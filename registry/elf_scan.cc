#include "registry/elf_scan.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/crypto.h"

namespace yard::registry {
namespace {

constexpr size_t kProgramHeadersMax = 128;
constexpr size_t kSymbolsMax = 1u << 20;
constexpr size_t kExportedMax = 64;  // Enough to name the extra ones; a plugin has one.
constexpr size_t kDynamicEntriesMax = 4096;
constexpr char kBuildIdOwner[] = "GNU";
constexpr char kAbiNoteOwner[] = "BLK";

Error Malformed(std::string_view what) {
    return Invalid("the library is not a well-formed ELF file: " + std::string(what));
}

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
constexpr char kArch[] = "x86_64-linux-gnu";
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
constexpr char kArch[] = "aarch64-linux-gnu";
#else
#error "this architecture has no name in manifests yet"
#endif

// Copies out of the image, so that neither alignment nor a bad offset matters.
class Image {
public:
    explicit Image(std::string_view bytes) : bytes_(bytes) {}

    template <typename T>
    std::optional<T> Read(uint64_t offset) const {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
        T record;
        std::memcpy(&record, bytes_.data() + offset, sizeof(T));
        return record;
    }
    std::optional<std::string_view> Slice(uint64_t offset, uint64_t size) const {
        if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
        return bytes_.substr(offset, size);
    }

private:
    std::string_view bytes_;
};

struct DynamicTable {
    std::vector<uint64_t> needed;  // Offsets into the string table.
    std::optional<uint64_t> run_path;
    uint64_t strings = 0, strings_size = 0, symbols = 0, hash = 0, gnu_hash = 0;
    bool text_relocations = false;
};

class Scanner {
public:
    explicit Scanner(std::string_view bytes) : image_(bytes) {}

    Result<ElfFacts> Run() {
        TRY(ReadHeader());
        TRY(ReadSegments());
        if (!dynamic_) return Malformed("it has no dynamic section");
        const DynamicTable table = TRY(ReadDynamic(*dynamic_));
        TRY(ReadStrings(table));
        TRY(ReadSymbols(table));
        facts_.text_relocations = table.text_relocations;
        return std::move(facts_);
    }

private:
    Result<Ok> ReadHeader() {
        const auto header = image_.Read<Elf64_Ehdr>(0);
        if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
            return Malformed("the first bytes are not those of one");
        }
        if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) {
            return Malformed("only 64-bit little-endian libraries are loaded");
        }
        if (header->e_type != ET_DYN) return Malformed("it is not a shared library");
        if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
            header->e_phnum > kProgramHeadersMax) {
            return Malformed("its program headers have an impossible count or size");
        }
        facts_.arch = header->e_machine == kMachine
                          ? std::string(kArch)
                          : "machine " + std::to_string(header->e_machine);
        header_ = *header;
        return Ok{};
    }

    Result<Ok> ReadSegments() {
        bool stack_stated = false;
        for (size_t i = 0; i < header_.e_phnum; ++i) {
            const auto segment = image_.Read<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr));
            if (!segment) return Malformed("its program headers lie outside of it");
            if (segment->p_type == PT_LOAD) loads_.push_back(*segment);
            if (segment->p_type == PT_DYNAMIC) dynamic_ = *segment;
            if (segment->p_type == PT_NOTE) TRY(ReadNotes(*segment));
            if (segment->p_type == PT_GNU_STACK) {
                stack_stated = true;
                facts_.executable_stack = (segment->p_flags & PF_X) != 0;
            }
        }
        // The loader makes the stack executable when the library does not say otherwise.
        if (!stack_stated) facts_.executable_stack = true;
        return Ok{};
    }

    Result<Ok> ReadNotes(const Elf64_Phdr& segment) {
        const auto notes = image_.Slice(segment.p_offset, segment.p_filesz);
        if (!notes) return Malformed("a note lies outside of it");
        const Image area(*notes);
        const uint64_t align = segment.p_align == 8 ? 8 : 4;
        const auto padded = [align](uint64_t size) { return (size + align - 1) / align * align; };
        for (uint64_t at = 0; at < notes->size();) {
            const auto note = area.Read<Elf64_Nhdr>(at);
            if (!note) return Malformed("a note is cut off");
            const uint64_t name_at = at + sizeof(Elf64_Nhdr);
            const uint64_t text_at = at + padded(sizeof(Elf64_Nhdr) + uint64_t{note->n_namesz});
            const auto name = area.Slice(name_at, note->n_namesz);
            const auto text = area.Slice(text_at, note->n_descsz);
            if (!name || !text) return Malformed("a note is cut off");
            TRY(UseNote(note->n_type, *name, *text));
            at = text_at + padded(note->n_descsz);
        }
        return Ok{};
    }

    Result<Ok> UseNote(uint32_t type, std::string_view owner, std::string_view text) {
        if (owner == std::string_view(kBuildIdOwner, 4) && type == NT_GNU_BUILD_ID) {
            facts_.build_id = HexEncode(text);
        }
        if (owner != std::string_view(kAbiNoteOwner, 4) || type != 1) return Ok{};
        const auto note = Image(text).Read<AbiNote>(0);
        if (!note) return Malformed("its block ABI note is too short");
        if (facts_.note) return Malformed("it has two block ABI notes");
        facts_.note = *note;
        return Ok{};
    }

    // Where a virtual address lies in the file.
    std::optional<uint64_t> OffsetOf(uint64_t address) const {
        for (const Elf64_Phdr& load : loads_) {
            if (address >= load.p_vaddr && address - load.p_vaddr < load.p_filesz) {
                return load.p_offset + (address - load.p_vaddr);
            }
        }
        return std::nullopt;
    }

    Result<DynamicTable> ReadDynamic(const Elf64_Phdr& segment) {
        DynamicTable table;
        for (size_t i = 0; i < kDynamicEntriesMax && i < segment.p_filesz / sizeof(Elf64_Dyn);
             ++i) {
            const auto entry = image_.Read<Elf64_Dyn>(segment.p_offset + i * sizeof(Elf64_Dyn));
            if (!entry) return Malformed("its dynamic section lies outside of it");
            if (entry->d_tag == DT_NULL) return table;
            UseDynamic(*entry, table);
        }
        return Malformed("its dynamic section has no end");
    }

    static void UseDynamic(const Elf64_Dyn& entry, DynamicTable& table) {
        const uint64_t value = entry.d_un.d_val;
        switch (entry.d_tag) {
            case DT_NEEDED: table.needed.push_back(value); break;
            case DT_RPATH:
            case DT_RUNPATH: table.run_path = value; break;
            case DT_STRTAB: table.strings = value; break;
            case DT_STRSZ: table.strings_size = value; break;
            case DT_SYMTAB: table.symbols = value; break;
            case DT_HASH: table.hash = value; break;
            case DT_GNU_HASH: table.gnu_hash = value; break;
            case DT_TEXTREL: table.text_relocations = true; break;
            case DT_FLAGS: table.text_relocations |= (value & DF_TEXTREL) != 0; break;
            default: break;
        }
    }

    Result<std::string> TextAt(uint64_t offset) const {
        const size_t end = strings_.find('\0', offset);
        if (offset >= strings_.size() || end == std::string_view::npos) {
            return Malformed("a name lies outside of its string table");
        }
        return std::string(strings_.substr(offset, end - offset));
    }

    Result<Ok> ReadStrings(const DynamicTable& table) {
        const auto offset = OffsetOf(table.strings);
        const auto strings = offset ? image_.Slice(*offset, table.strings_size) : std::nullopt;
        if (!strings) return Malformed("its string table lies outside of it");
        strings_ = *strings;
        for (const uint64_t name : table.needed) facts_.needed.push_back(TRY(TextAt(name)));
        if (table.run_path) facts_.run_path = TRY(TextAt(*table.run_path));
        return Ok{};
    }

    Result<Ok> ReadSymbols(const DynamicTable& table) {
        const auto symbols = OffsetOf(table.symbols);
        if (!symbols) return Malformed("its symbol table lies outside of it");
        const size_t count = TRY(CountSymbols(table));
        for (size_t i = 1; i < count; ++i) {
            const auto symbol = image_.Read<Elf64_Sym>(*symbols + i * sizeof(Elf64_Sym));
            if (!symbol) return Malformed("its symbol table lies outside of it");
            TRY(UseSymbol(*symbol));
        }
        return Ok{};
    }

    Result<Ok> UseSymbol(const Elf64_Sym& symbol) {
        const unsigned binding = ELF64_ST_BIND(symbol.st_info);
        const bool is_global = binding != STB_LOCAL;
        const std::string name = TRY(TextAt(symbol.st_name));
        if (name.starts_with("__asan_") || name.starts_with("__tsan_") ||
            name.starts_with("__ubsan_") || name.starts_with("__sanitizer_")) {
            facts_.sanitized = true;
        }
        if (is_global && symbol.st_shndx != SHN_UNDEF && facts_.exported.size() < kExportedMax) {
            facts_.exported.push_back(name);
        }
        return Ok{};
    }

    // The dynamic symbol table does not say how long it is; its hash tables do.
    Result<size_t> CountSymbols(const DynamicTable& table) {
        if (const auto hash = OffsetOf(table.hash); table.hash != 0 && hash) {
            const auto chains = image_.Read<uint32_t>(*hash + sizeof(uint32_t));
            if (chains && *chains <= kSymbolsMax) return size_t{*chains};
        }
        const auto at = OffsetOf(table.gnu_hash);
        if (table.gnu_hash == 0 || !at) return Malformed("it has no symbol hash table");
        return CountByGnuHash(*at);
    }

    Result<size_t> CountByGnuHash(uint64_t at) {
        struct GnuHash {
            uint32_t buckets, first_symbol, bloom_words, bloom_shift;
        };
        const auto head = image_.Read<GnuHash>(at);
        if (!head || head->buckets > kSymbolsMax || head->bloom_words > kSymbolsMax) {
            return Malformed("its symbol hash table is cut off");
        }
        const uint64_t buckets = at + sizeof(GnuHash) + uint64_t{head->bloom_words} * 8;
        const uint64_t chains = buckets + uint64_t{head->buckets} * 4;
        uint32_t last = 0;
        for (uint32_t i = 0; i < head->buckets; ++i) {
            const auto first = image_.Read<uint32_t>(buckets + uint64_t{i} * 4);
            if (!first) return Malformed("its symbol hash table is cut off");
            last = std::max(last, *first);
        }
        if (last < head->first_symbol) return size_t{head->first_symbol};
        for (;; ++last) {
            const auto chain =
                image_.Read<uint32_t>(chains + uint64_t{last - head->first_symbol} * 4);
            if (!chain || last > kSymbolsMax) return Malformed("its symbol hash table has no end");
            if ((*chain & 1) != 0) return size_t{last} + 1;
        }
    }

    Image image_;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Phdr> loads_;
    std::optional<Elf64_Phdr> dynamic_;
    std::string_view strings_;
    ElfFacts facts_;
};

}  // namespace

Result<ElfFacts> ScanElf(std::string_view image) { return Scanner(image).Run(); }

std::string_view HostArch() { return kArch; }

}  // namespace yard::registry
