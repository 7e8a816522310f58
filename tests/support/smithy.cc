#include "support/smithy.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace cardea::test {

namespace {

std::size_t Count(const std::string& text, char c) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), c));
}

std::vector<std::string> Words(const std::string& text) {
    static const std::regex kWord(R"([\w.]+)");
    std::vector<std::string> out;
    for (std::sregex_iterator it(text.begin(), text.end(), kWord), end; it != end; ++it) out.push_back(it->str());
    return out;
}

std::string Between(const std::string& text, const std::string& opening, const std::string& closing) {
    const std::size_t begin = text.find(opening);
    if (begin == std::string::npos) return {};
    const std::size_t end = text.find(closing, begin + opening.size());
    return text.substr(begin + opening.size(), end - begin - opening.size());
}

void ReadBody(SmithyShape& shape, const std::string& body) {
    if (shape.kind == "enum") {
        shape.values = Words(body);
    } else if (shape.kind == "operation") {
        static const std::regex kInput(R"(input:\s*(\w+))"), kOutput(R"(output:\s*(\w+))");
        std::smatch match;
        if (std::regex_search(body, match, kInput)) shape.input = match[1];
        if (std::regex_search(body, match, kOutput)) shape.output = match[1];
        shape.errors = Words(Between(body, "errors: [", "]"));
    } else {
        static const std::regex kMember(R"(((?:@\w+(?:\([^)]*\))?\s+)*)(\w+):\s*(\w+))");
        for (std::sregex_iterator it(body.begin(), body.end(), kMember), end; it != end; ++it)
            shape.members.push_back({(*it)[2], (*it)[3], (*it)[1].str().find("@required") != std::string::npos});
    }
}

}  // namespace

std::optional<std::int64_t> SmithyShape::Bound(const std::string& trait, const std::string& which) const {
    const std::string arguments = Between(traits, "@" + trait + "(", ")");
    const std::regex bound(which + R"(:\s*(-?\d+))");
    std::smatch match;
    if (!std::regex_search(arguments, match, bound)) return std::nullopt;
    return std::stoll(match[1]);
}

std::string SmithyShape::Pattern() const {
    const std::string written = Between(traits, "@pattern(\"", "\")");
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == '\\' && i + 1 < written.size()) ++i;
        out += written[i];
    }
    return out;
}

bool SmithyShape::Has(const std::string& trait) const { return traits.find("@" + trait) != std::string::npos; }

std::map<std::string, SmithyShape> ReadSmithy(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    static const std::regex kHead(
        R"(^(structure|map|list|enum|string|integer|long|boolean|timestamp|blob|operation|document|double|service)\s+(\w+)(.*)$)");
    std::map<std::string, SmithyShape> out;
    std::string line, traits;
    while (std::getline(in, line)) {
        std::smatch match;
        if (line.starts_with("@")) {
            traits += line + "\n";
        } else if (std::regex_match(line, match, kHead)) {
            SmithyShape shape{.kind = match[1],
                              .traits = traits,
                              .members = {},
                              .values = {},
                              .input = {},
                              .output = {},
                              .errors = {}};
            const std::string name = match[2];
            std::string body = match[3];
            while (Count(body, '{') != Count(body, '}') && std::getline(in, line)) body += "\n" + line;
            ReadBody(shape, body);
            out.emplace(name, std::move(shape));
            traits.clear();
        } else if (!line.empty()) {
            traits.clear();
        }
    }
    return out;
}

}  // namespace cardea::test
