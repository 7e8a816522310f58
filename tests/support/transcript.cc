#include "support/transcript.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "codec/base64.h"
#include "crypto/hash.h"

namespace cardea::test {

namespace {

using Names = std::map<std::string, std::string>;

// A step of a conversation: its mark (> < ! @), its text, and where it stands.
struct Step {
    char mark;
    std::string text;
    int line;
};

std::vector<Step> ReadSteps(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<Step> steps;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line[0] == '#') continue;
        const bool opens =
            std::string_view("><!@").find(line[0]) != std::string_view::npos && (line.size() == 1 || line[1] == ' ');
        if (opens)
            steps.push_back({line[0], line.size() > 2 ? line.substr(2) : "", number});
        else if (!steps.empty())
            steps.back().text += "\n" + line;
    }
    return steps;
}

// $name → its value, the longest name first.
std::string Replace(std::string text, const Names& names) {
    std::vector<std::pair<std::string, std::string>> ordered(names.begin(), names.end());
    std::ranges::sort(ordered, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        bool replaced = false;
        if (text[at] == '$') {
            for (const auto& [name, value] : ordered) {
                if (text.compare(at, name.size(), name) != 0) continue;
                out += value;
                at += name.size();
                replaced = true;
                break;
            }
        }
        if (!replaced) out += text[at++];
    }
    return out;
}

// A value for use inside a JSON text.
std::string Escaped(std::string_view text) {
    std::string quoted;
    AppendJsonText(quoted, text);
    return quoted.substr(1, quoted.size() - 2);
}

bool IsName(std::string_view text) {
    return text.size() > 1 && text[0] == '$' && std::ranges::all_of(text.substr(1), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
           });
}

double Number(JsonValue value) {
    return value.Kind() == JsonKind::kWhole ? static_cast<double>(value.Whole()) : value.Real();
}
bool IsNumber(JsonValue value) { return value.Kind() == JsonKind::kWhole || value.Kind() == JsonKind::kReal; }

std::string Match(JsonValue expected, JsonValue actual, Names& names, const std::string& path);

std::string MatchObject(JsonValue expected, JsonValue actual, Names& names, const std::string& path) {
    if (actual.Kind() != JsonKind::kObject) return path + ": wanted an object, got " + actual.Print();
    std::string difference;
    const bool open = expected.Find("...").has_value();
    expected.ForEachMember([&](std::string_view key, JsonValue value) {
        if (!difference.empty() || key == "...") return;
        const auto found = actual.Find(key);
        const std::string inner = path + "." + std::string(key);
        difference = found ? Match(value, *found, names, inner) : inner + ": is missing";
    });
    if (open) return difference;
    actual.ForEachMember([&](std::string_view key, JsonValue value) {
        if (difference.empty() && !expected.Find(key))
            difference = path + "." + std::string(key) + ": was not expected: " + value.Print();
    });
    return difference;
}

std::string MatchArray(JsonValue expected, JsonValue actual, Names& names, const std::string& path) {
    if (actual.Kind() != JsonKind::kArray) return path + ": wanted an array, got " + actual.Print();
    std::vector<JsonValue> wanted, got;
    expected.ForEachItem([&](JsonValue item) { wanted.push_back(item); });
    actual.ForEachItem([&](JsonValue item) { got.push_back(item); });
    const bool open = !wanted.empty() && wanted.back().Kind() == JsonKind::kText && wanted.back().Text() == "...";
    if (open) wanted.pop_back();
    if (open ? got.size() < wanted.size() : got.size() != wanted.size())
        return path + ": wanted " + std::to_string(wanted.size()) + " items, got " + actual.Print();
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (auto difference = Match(wanted[i], got[i], names, path + "[" + std::to_string(i) + "]");
            !difference.empty())
            return difference;
    return {};
}

std::string Match(JsonValue expected, JsonValue actual, Names& names, const std::string& path) {
    if (expected.Kind() == JsonKind::kObject) return MatchObject(expected, actual, names, path);
    if (expected.Kind() == JsonKind::kArray) return MatchArray(expected, actual, names, path);
    if (expected.Kind() == JsonKind::kText) {
        const std::string_view wanted = expected.Text();
        if (wanted == "*") return {};
        if (IsName(wanted) && !names.contains(std::string(wanted))) {
            names[std::string(wanted)] = actual.Kind() == JsonKind::kText ? std::string(actual.Text()) : actual.Print();
            return {};
        }
        const std::string filled = Replace(std::string(wanted), names);
        const std::string got = actual.Kind() == JsonKind::kText ? std::string(actual.Text()) : actual.Print();
        return filled == got ? "" : path + ": wanted " + filled + ", got " + actual.Print();
    }
    const bool same = IsNumber(expected) && IsNumber(actual) ? std::abs(Number(expected) - Number(actual)) < 1e-6
                                                             : expected.Print() == actual.Print();
    return same ? "" : path + ": wanted " + expected.Print() + ", got " + actual.Print();
}

class Player {
 public:
    explicit Player(std::filesystem::path file) : file_(std::move(file)) {}

    std::vector<std::string> Play() {
        for (const Step& step : ReadSteps(file_)) {
            step_ = &step;
            switch (step.mark) {
                case '>':
                    Ask(step.text);
                    break;
                case '<':
                    Expect(step.text);
                    break;
                case '!':
                    ExpectError(step.text);
                    break;
                default:
                    Direct(step.text);
            }
        }
        if (pending_) Fail("the last answer was not looked at");
        return std::move(faults_);
    }

 private:
    void Fail(const std::string& what) {
        faults_.push_back(file_.filename().string() + ":" + std::to_string(step_->line) + ": " + what);
    }

    void Ask(const std::string& text) {
        if (pending_) Fail("the answer before was not looked at");
        const std::size_t space = text.find_first_of(" \n");
        const std::string operation = text.substr(0, space);
        Names escaped;
        for (const auto& [name, value] : names_) escaped[name] = Escaped(value);
        const std::string body = space == std::string::npos ? "{}" : Replace(text.substr(space + 1), escaped);
        answer_ = world_.Call(operation, body, !std::exchange(unsigned_, false));
        pending_ = true;
    }

    void Expect(const std::string& text) {
        pending_ = false;
        if (answer_.status != 200)
            return Fail("wanted 200, got " + std::to_string(answer_.status) + " " + answer_.body);
        if (text.empty()) {
            if (!answer_.body.empty()) Fail("wanted an empty body, got " + answer_.body);
            return;
        }
        if (const auto difference = MatchJson(text, answer_.body, names_); !difference.empty()) Fail(difference);
    }

    void ExpectError(const std::string& text) {
        pending_ = false;
        const std::size_t space = text.find(' ');
        const std::string type = text.substr(0, space);
        std::string message = space == std::string::npos ? "" : Replace(text.substr(space + 1), names_);
        for (std::size_t at; (at = message.find("\\n")) != std::string::npos;) message.replace(at, 2, "\n");
        const auto body = JsonDocument::Parse(answer_.body);
        const auto got = body ? body->Root().Find("__type") : std::nullopt;
        if (answer_.status == 200 || !got)
            return Fail("wanted " + type + ", got " + std::to_string(answer_.status) + " " + answer_.body);
        const auto found = body->Root().Find("message");
        const std::string said = found ? std::string(found->Text()) : "";
        if (got->Text() != type || said != message)
            Fail("wanted " + text + "\n  got " + std::string(got->Text()) + " " + said);
    }

    void Direct(const std::string& text) {
        std::istringstream words(Replace(text, {}));
        std::string verb, a, b, c, d;
        words >> verb >> a >> b >> c >> d;
        const auto filled = [&](const std::string& word) { return Replace(word, names_); };
        if (verb == "clock")
            world_.clock.Advance(std::chrono::seconds(std::stoll(a)));
        else if (verb == "unsigned")
            unsigned_ = true;
        else if (verb == "region")
            world_.signed_region = a;
        else if (verb == "fail-delivery")
            world_.messages.refuse = a == "on";
        else if (verb == "let")
            names_[a] = filled(text.substr(text.find(a) + a.size() + 1));
        else if (verb == "code")
            Take(filled(a), [&](const Message& m) { names_[b] = m.code.Reveal(); });
        else if (verb == "message")
            Take(filled(a), [&](const Message& m) {
                names_[b] = m.subject;
                names_[c] = m.body.Reveal();
            });
        else if (verb == "no-message")
            ExpectNoMessage(filled(a));
        else if (verb == "secret-hash")
            names_[d] = Base64Encode(HmacSha256(filled(c), filled(a) + filled(b)));
        else if (verb == "claims")
            ExpectClaims(filled(a), text.substr(text.find('{')));
        else
            Fail("there is no directive " + verb);
    }

    template <class Use>
    void Take(const std::string& destination, Use use) {
        const auto& sent = world_.messages.sent;
        const auto found =
            std::find_if(sent.rbegin(), sent.rend(), [&](const Message& m) { return m.to == destination; });
        if (found == sent.rend()) return Fail("nothing was sent to " + destination);
        use(*found);
        world_.messages.sent.clear();
    }

    void ExpectNoMessage(const std::string& destination) {
        for (const Message& message : world_.messages.sent)
            if (message.to == destination) Fail("a message was sent to " + destination);
    }

    void ExpectClaims(const std::string& token, const std::string& expected) {
        const std::size_t first = token.find('.'), second = token.find('.', first + 1);
        const auto payload = first == std::string::npos
                                 ? std::nullopt
                                 : Base64UrlDecode(std::string_view(token).substr(first + 1, second - first - 1));
        if (!payload) return Fail("not a token: " + token);
        if (const auto difference = MatchJson(expected, *payload, names_); !difference.empty()) Fail(difference);
    }

    std::filesystem::path file_;
    World world_;
    Names names_;
    HttpResponse answer_;
    const Step* step_ = nullptr;
    bool pending_ = false;
    bool unsigned_ = false;
    std::vector<std::string> faults_;
};

}  // namespace

std::string MatchJson(std::string_view expected, std::string_view actual, Names& names) {
    const auto wanted = JsonDocument::Parse(expected);
    if (!wanted) return "the transcript's JSON does not parse";
    const auto got = JsonDocument::Parse(actual);
    if (!got) return "the answer is not JSON: " + std::string(actual);
    return Match(wanted->Root(), got->Root(), names, "");
}

std::vector<std::string> PlayTranscript(const std::filesystem::path& file) { return Player(file).Play(); }

}  // namespace cardea::test
