#include "app/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "app/config_file.h"
#include "app/config_keys.h"
#include "app/config_rules.h"
#include "app/master_key.h"
#include "base/check.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxSecretFile = 64 * 1024;
constexpr std::size_t kMaxTables = 100;
constexpr const char* kMasterKeyVariable = "CARDEA_MASTER_KEY";

// The file's text without the line's end after it; nothing where it cannot be read or is too large.
std::optional<std::string> ReadTextFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(kMaxSecretFile + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || in.gcount() == 0 || static_cast<std::size_t>(in.gcount()) > kMaxSecretFile) return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

bool IsUsedIn(const ConfigKey& key, Mode mode) {
    return key.use == Use::kBoth || (key.use == Use::kDevOnly) == (mode == Mode::kDev);
}

// Gathers the values of one source after the other, the weightiest last.
class Reader {
 public:
    Reader(const ConfigSources& sources, ConfigResult& result) : sources_(sources), result_(result) {}

    void ReadFile() {
        if (!sources_.file_text) return;
        const ConfigFile file = ReadConfigFile(*sources_.file_text);
        if (!file.mistake.empty()) return Say(PlaceOf(file.mistake_line), file.mistake);
        for (const FileEntry& entry : file.entries) ReadFileEntry(entry);
        for (const FileTable& table : file.tables) ReadTable(table);
    }

    void ReadEnvironment() {
        for (const ConfigKey& key : ConfigKeys()) {
            const std::string name = EnvironmentName(key.name);
            const auto found = sources_.environment.find(name);
            if (found != sources_.environment.end()) Take(key, AnyText(found->second), name);
        }
        for (const auto& [name, value] : sources_.environment) {
            const bool known = std::any_of(ConfigKeys().begin(), ConfigKeys().end(),
                                           [&](const ConfigKey& key) { return EnvironmentName(key.name) == name; });
            // Other programs set variables with this prefix (Kubernetes: CARDEA_PORT): one that has no section and
            // resembles no key is left alone.
            if (known || !name.starts_with("CARDEA_") || name == kMasterKeyVariable || named_.contains(name)) continue;
            const std::string suggestion = Suggest(ConfigKeys(), KeyOfVariable(name));
            if (!suggestion.empty() || name.find("__") != std::string::npos)
                Say(name, "there is no such key" + suggestion);
        }
    }

    void ReadFlags() {
        for (const ConfigFlag& flag : sources_.flags) {
            const ConfigKey* key = FindKey(ConfigKeys(), flag.key);
            CHECK(key != nullptr);
            Take(*key, AnyText(flag.value), flag.flag);
        }
    }

    // CARDEA_MASTER_KEY, else systemd's credential.
    void ReadMasterKeyText() {
        Config& config = result_.config;
        const auto& environment = sources_.environment;
        if (const auto text = environment.find(kMasterKeyVariable); text != environment.end()) {
            config.master_key_text = Secret(text->second);
            config.master_key_origin = kMasterKeyVariable;
            return;
        }
        const auto folder = environment.find("CREDENTIALS_DIRECTORY");
        if (folder == environment.end() || !config.master_key_file.empty()) return;
        const std::filesystem::path path = std::filesystem::path(folder->second) / "master_key";
        if (auto text = ReadTextFile(path)) {
            config.master_key_text = Secret(std::move(*text));
            config.master_key_origin = path.string();
        }
    }

 private:
    static RawValue AnyText(const std::string& text) { return {.text = text, .items = {}}; }
    static std::string KeyOfVariable(std::string_view name) {
        std::string out;
        name.remove_prefix(std::string_view("CARDEA_").size());
        for (std::size_t i = 0; i < name.size(); ++i) {
            const bool section = name.substr(i, 2) == "__";
            out +=
                section ? '.' : (name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i]);
            if (section) ++i;
        }
        return out;
    }
    std::string PlaceOf(std::size_t line) const { return sources_.file_name + ":" + std::to_string(line); }
    void Say(const std::string& place, const std::string& what) { result_.mistakes.push_back(place + ": " + what); }

    void Take(const ConfigKey& key, const RawValue& value, const std::string& origin) {
        const std::string name(key.name);
        if (!IsUsedIn(key, sources_.mode))
            return Say(origin, name + ": is for " + (sources_.mode == Mode::kDev ? "serve" : "dev") + " only");
        result_.origins[name] = origin;
        if (const Mistake mistake = key.read(&result_.config, value, key.bounds)) Say(origin, name + ": " + *mistake);
    }

    void ReadFileEntry(const FileEntry& entry) {
        const std::string place = PlaceOf(entry.line);
        if (entry.key == "master_key")
            return Say(place, "master_key: does not belong into this file; name a file of its own in master_key_file");
        const ConfigKey* key = FindKey(ConfigKeys(), entry.key);
        if (!key) return Say(place, entry.key + ": there is no such key" + Suggest(ConfigKeys(), entry.key));
        Take(*key, entry.value, place);
    }

    void ReadTable(const FileTable& table) {
        Config& config = result_.config;
        const std::string place = PlaceOf(table.line);
        if (table.array != "email" && table.array != "sms")
            return Say(place, "[[" + table.array + "]]: there is no such table; there are [[email]] and [[sms]]");
        if (sources_.mode == Mode::kDev)
            return Say(place, "[[" + table.array + "]]: is for serve only: in development messages stay in the outbox");
        const bool email = table.array == "email";
        const std::size_t index = email ? config.transports.email.size() : config.sms.size();
        if (index == kMaxTables) return Say(place, "[[" + table.array + "]]: there are more than 100");
        const std::string at = table.array + "[" + std::to_string(index) + "]";
        result_.origins[at] = place;
        if (email)
            ReadMembers(table, EmailKeys(), at, &config.transports.email.emplace_back());
        else
            ReadMembers(table, SmsKeys(), at, &config.sms.emplace_back());
    }

    void ReadMembers(const FileTable& table, std::span<const ConfigKey> keys, const std::string& at, void* owner) {
        for (const FileEntry& entry : table.entries) {
            const std::string place = PlaceOf(entry.line), name = at + "." + entry.key;
            const auto [key, value] = FindMember(keys, entry, place, name);
            if (!key) continue;
            const std::string path = at + "." + std::string(key->name);
            if (result_.origins.contains(path)) {
                Say(place, name + ": " + path + " is given twice");
                continue;
            }
            result_.origins[path] = place;
            if (const Mistake mistake = key->read(owner, value, key->bounds)) Say(place, name + ": " + *mistake);
        }
        for (const ConfigKey& key : keys)
            if (key.required && !result_.origins.contains(at + "." + std::string(key.name)))
                Say(PlaceOf(table.line), "[[" + table.array + "]]: needs " + std::string(key.name));
    }

    // The key of a table's member and its value, which NAME_file and NAME_env bring from elsewhere. Null where there
    // is a mistake, which has been said.
    std::pair<const ConfigKey*, RawValue> FindMember(std::span<const ConfigKey> keys, const FileEntry& entry,
                                                     const std::string& place, const std::string& name) {
        if (const ConfigKey* key = FindKey(keys, entry.key)) return {key, entry.value};
        for (const ConfigKey& key : keys) {
            const std::string base(key.name);
            const bool file = entry.key == base + "_file", variable = entry.key == base + "_env";
            if (!key.secret || (!file && !variable)) continue;
            std::optional<std::string> text;
            if (entry.value.kind == RawValue::Kind::kText) {
                const auto found = sources_.environment.find(entry.value.text);
                if (file) text = ReadTextFile(entry.value.text);
                if (variable && found != sources_.environment.end()) text = found->second;
                if (variable) named_.insert(entry.value.text);
            }
            if (text) return {&key, AnyText(*text)};
            Say(place, name + (file ? ": the file cannot be read, or is empty" : ": the variable is not set"));
            return {nullptr, {}};
        }
        Say(place, name + ": there is no such key" + Suggest(keys, entry.key));
        return {nullptr, {}};
    }

    const ConfigSources& sources_;
    ConfigResult& result_;
    std::set<std::string> named_;  // variables that the file names
};

std::string OriginOf(const ConfigResult& result, const std::string& name) {
    const auto found = result.origins.find(name);
    return found == result.origins.end() ? "default" : found->second;
}

void PrintLine(std::string& out, const std::string& text, const std::string& origin) {
    out += text;
    out.append(text.size() < 56 ? 56 - text.size() : 1, ' ');
    out += "# " + origin + "\n";
}

void PrintTable(std::string& out, const ConfigResult& result, std::span<const ConfigKey> keys,
                const std::pair<std::string, std::size_t>& at, const void* owner) {
    const std::string path = at.first + "[" + std::to_string(at.second) + "]";
    out += "\n";
    PrintLine(out, "[[" + at.first + "]]", OriginOf(result, path));
    for (const ConfigKey& key : keys)
        PrintLine(out, std::string(key.name) + " = " + key.print(owner),
                  OriginOf(result, path + "." + std::string(key.name)));
}

}  // namespace

ConfigResult ParseConfig(const ConfigSources& sources) {
    ConfigResult result;
    result.config = DefaultConfig(sources.mode);
    Reader reader(sources, result);
    reader.ReadFile();
    reader.ReadEnvironment();
    reader.ReadFlags();
    reader.ReadMasterKeyText();
    // What follows from values that could not be read would only mislead.
    if (result.mistakes.empty()) ApplyRules(result);
    return result;
}

std::string PrintConfig(const ConfigResult& result) {
    const Config& config = result.config;
    std::string out = "# cardea " + std::string(NameOf(config.mode)) + "\n";
    for (const ConfigKey& key : ConfigKeys())
        if (key.name == "store" && HoldsPassword(config.store))
            PrintLine(out, "# store: (hidden: it holds a password)", OriginOf(result, "store"));
        else if (IsUsedIn(key, config.mode))
            PrintLine(out, std::string(key.name) + " = " + key.print(&config), OriginOf(result, std::string(key.name)));
    if (!config.master_key_text.Empty()) PrintLine(out, "# the master key: (hidden)", config.master_key_origin);
    for (std::size_t i = 0; i < config.transports.email.size(); ++i)
        PrintTable(out, result, EmailKeys(), {"email", i}, &config.transports.email[i]);
    for (std::size_t i = 0; i < config.sms.size(); ++i) PrintTable(out, result, SmsKeys(), {"sms", i}, &config.sms[i]);
    return out;
}

std::optional<MasterKey> LoadMasterKey(const Config& config) {
    if (!config.master_key_file.empty()) return ReadMasterKeyFile(config.master_key_file);
    if (config.master_key_text.Empty()) return std::nullopt;
    return ParseMasterKey(config.master_key_text.Reveal(), config.master_key_origin);
}

}  // namespace cardea
