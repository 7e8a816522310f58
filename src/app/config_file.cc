#include "app/config_file.h"

#include <algorithm>

#include "app/toml.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxText = 1 << 20;

RawValue ToRawValue(const toml::node& node) {
    using Kind = RawValue::Kind;
    if (const auto* text = node.as_string()) return {.kind = Kind::kText, .text = text->get(), .items = {}};
    if (const auto* whole = node.as_integer())
        return {.kind = Kind::kWhole, .text = std::to_string(whole->get()), .items = {}};
    if (const auto* boolean = node.as_boolean())
        return {.kind = Kind::kBoolean, .text = boolean->get() ? "true" : "false", .items = {}};
    if (const auto* array = node.as_array()) {
        RawValue out{.kind = Kind::kList, .text = {}, .items = {}};
        for (const toml::node& item : *array) {
            if (!item.is_string()) return {.kind = Kind::kOther, .text = {}, .items = {}};
            out.items.push_back(item.as_string()->get());
        }
        return out;
    }
    return {.kind = Kind::kOther, .text = {}, .items = {}};
}

// The NUL character, which TOML lets a text name, would end names of files and hosts early.
bool HasNul(const FileEntry& entry) {
    const auto has = [](const std::string& text) { return text.find('\0') != std::string::npos; };
    return has(entry.key) || has(entry.value.text) ||
           std::any_of(entry.value.items.begin(), entry.value.items.end(), has);
}

// toml++ bounds how deep tables nest.
void Flatten(const toml::table& table, const std::string& prefix, std::vector<FileEntry>& out) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        if (const auto* inner = node.as_table())
            Flatten(*inner, name + ".", out);
        else
            out.push_back({name, ToRawValue(node), key.source().begin.line});
    }
}

void RefuseNul(ConfigFile& file) {
    const auto refuse = [&](const std::vector<FileEntry>& entries) {
        for (const FileEntry& entry : entries)
            if (file.mistake.empty() && HasNul(entry)) {
                file.mistake = "a text has a NUL character";
                file.mistake_line = entry.line;
            }
    };
    refuse(file.entries);
    for (const FileTable& table : file.tables) refuse(table.entries);
    if (file.mistake.empty()) return;
    file.entries.clear();
    file.tables.clear();
}

}  // namespace

ConfigFile ReadConfigFile(std::string_view text) {
    ConfigFile out;
    if (text.size() > kMaxText) {
        out.mistake = "the file is larger than 1 MiB";
        return out;
    }
    try {
        toml::table root = toml::parse(text);
        std::vector<std::string> arrays;
        for (const auto& [key, node] : root) {
            const auto* array = node.as_array();
            if (!array || array->empty() || !array->is_homogeneous<toml::table>()) continue;
            arrays.emplace_back(key.str());
            for (const toml::node& item : *array) {
                FileTable table{.array = arrays.back(), .line = item.source().begin.line, .entries = {}};
                Flatten(*item.as_table(), "", table.entries);
                out.tables.push_back(std::move(table));
            }
        }
        for (const std::string& array : arrays) root.erase(array);
        Flatten(root, "", out.entries);
    } catch (const toml::parse_error& error) {
        out.mistake = std::string(error.description());
        out.mistake_line = error.source().begin.line;
    } catch (const TomlFault& fault) {
        out.mistake = fault.what();
        out.mistake_line = 1;
    }
    RefuseNul(out);
    // A table is sorted by name: mistakes are told from the top of the file to its end.
    const auto by_line = [](const auto& a, const auto& b) { return a.line < b.line; };
    std::stable_sort(out.entries.begin(), out.entries.end(), by_line);
    std::stable_sort(out.tables.begin(), out.tables.end(), by_line);
    return out;
}

}  // namespace cardea
