// The load generator: closed-loop connections that sign in, refresh, read or sign up, and what they saw.
//
//   load --port 9229 --pool us-east-1_x --client abc --mode password --users 10000 --stride 1 --connections 64
//   --seconds 5
//
// Prints one JSON line: requests, errors, seconds, and the median and 99th percentile in microseconds.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/srp.h"
#include "crypto/srp_client.h"
#include "http_connection.h"
#include "people.h"

namespace cardea::bench {
namespace {

constexpr const char* kService = "AWSCognitoIdentityProviderService.";

struct Plan {
    int port = 0;
    std::string pool, client, mode = "password";
    std::int64_t users = 1000, stride = 1;
    int connections = 64;
    double seconds = 5;
};

struct Seen {
    std::vector<std::uint32_t> microseconds;
    std::int64_t errors = 0;
    std::string first_error;
};

std::string Member(const HttpConnection::Answer& answer, std::string_view outer, std::string_view inner) {
    const auto document = JsonDocument::Parse(answer.body);
    const auto object = document ? document->Root().Find(outer) : std::nullopt;
    const auto value = object ? object->Find(inner) : std::nullopt;
    if (answer.status != 200 || !value) throw std::runtime_error(answer.body.substr(0, 200));
    return std::string(value->Text());
}

HttpConnection::Answer PasswordSignIn(HttpConnection& connection, const Plan& plan, const std::string& name) {
    return connection.Call(std::string(kService) + "InitiateAuth",
                           R"({"AuthFlow":"USER_PASSWORD_AUTH","ClientId":")" + plan.client +
                               R"(","AuthParameters":{"USERNAME":")" + name + R"(","PASSWORD":")" + kPassword + "\"}}");
}

// "Tue May 6 00:09:40 UTC 2025"
std::string Timestamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char day[16], rest[32];
    std::strftime(day, sizeof day, "%a %b", &utc);
    std::strftime(rest, sizeof rest, "%H:%M:%S UTC %Y", &utc);
    return std::string(day) + " " + std::to_string(utc.tm_mday) + " " + rest;
}

// A person's sign-in by SRP: both calls. The client's own secret exponent is the same all the time, which costs the
// server nothing less and the generator an exponentiation less.
void SrpSignIn(HttpConnection& connection, const Plan& plan, const std::string& name, const SrpClient& srp) {
    const auto asked = connection.Call(std::string(kService) + "InitiateAuth",
                                       R"({"AuthFlow":"USER_SRP_AUTH","ClientId":")" + plan.client +
                                           R"(","AuthParameters":{"USERNAME":")" + name + R"(","SRP_A":")" +
                                           HexEncode(srp.PublicA()) + "\"}}");
    const std::string user = Member(asked, "ChallengeParameters", "USER_ID_FOR_SRP");
    const std::string block = Member(asked, "ChallengeParameters", "SECRET_BLOCK");
    const std::string pool_name = plan.pool.substr(plan.pool.find('_') + 1);
    const Secret x = SrpPrivateKey(SrpFromHex(Member(asked, "ChallengeParameters", "SALT")).value(), pool_name, user,
                                   Secret(kPassword));
    const auto key = srp.Key(SrpFromHex(Member(asked, "ChallengeParameters", "SRP_B")).value(), x);
    const std::string timestamp = Timestamp();
    const std::string claim =
        Base64Encode(cardea::ClaimSignature(key.value(), {.pool_name = pool_name,
                                                          .user_id = user,
                                                          .secret_block = Base64Decode(block).value(),
                                                          .timestamp = timestamp}));
    const auto answered = connection.Call(
        std::string(kService) + "RespondToAuthChallenge",
        R"({"ChallengeName":"PASSWORD_VERIFIER","ClientId":")" + plan.client +
            R"(","ChallengeResponses":{"USERNAME":")" + user + R"(","PASSWORD_CLAIM_SECRET_BLOCK":")" + block +
            R"(","PASSWORD_CLAIM_SIGNATURE":")" + claim + R"(","TIMESTAMP":")" + timestamp + "\"}}");
    Member(answered, "AuthenticationResult", "AccessToken");
}

class Load {
 public:
    explicit Load(Plan plan) : plan_(std::move(plan)) {}

    void Run() {
        if (plan_.mode == "refresh" || plan_.mode == "getuser") SignInSome();
        std::vector<Seen> seen(static_cast<std::size_t>(plan_.connections));
        std::vector<std::thread> threads;
        const auto begin = std::chrono::steady_clock::now();
        const auto end = begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                     std::chrono::duration<double>(plan_.seconds));
        for (int i = 0; i < plan_.connections; ++i)
            threads.emplace_back([&, i] { Work(i, end, seen[static_cast<std::size_t>(i)]); });
        for (std::thread& thread : threads) thread.join();
        Print(seen, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }

 private:
    std::string AnyName(std::mt19937_64& random) const {
        const std::int64_t real = plan_.users / plan_.stride;
        return UserName(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(real)) * plan_.stride);
    }

    void SignInSome() {
        HttpConnection connection(plan_.port);
        std::mt19937_64 random(7);
        for (int i = 0; i < 200; ++i) {
            const auto answer = PasswordSignIn(connection, plan_, AnyName(random));
            access_.push_back(Member(answer, "AuthenticationResult", "AccessToken"));
            refresh_.push_back(Member(answer, "AuthenticationResult", "RefreshToken"));
        }
    }

    void Work(int number, std::chrono::steady_clock::time_point end, Seen& seen) {
        std::mt19937_64 random(static_cast<std::uint64_t>(number) + 1);
        const SrpClient srp(Secret(std::string(32, static_cast<char>(number + 1))));
        HttpConnection connection(plan_.port);
        while (std::chrono::steady_clock::now() < end) {
            const auto began = std::chrono::steady_clock::now();
            try {
                Once(connection, random, srp, number, seen.microseconds.size());
            } catch (const std::exception& error) {
                if (seen.errors++ == 0) seen.first_error = error.what();
                if (seen.errors > 100) return;
            }
            seen.microseconds.push_back(static_cast<std::uint32_t>(
                std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began)
                    .count()));
        }
    }

    void Once(HttpConnection& connection, std::mt19937_64& random, const SrpClient& srp, int number,
              std::size_t count) {
        if (plan_.mode == "srp") return SrpSignIn(connection, plan_, AnyName(random), srp);
        HttpConnection::Answer answer;
        if (plan_.mode == "password") {
            answer = PasswordSignIn(connection, plan_, AnyName(random));
        } else if (plan_.mode == "refresh") {
            answer = connection.Call(std::string(kService) + "InitiateAuth",
                                     R"({"AuthFlow":"REFRESH_TOKEN_AUTH","ClientId":")" + plan_.client +
                                         R"(","AuthParameters":{"REFRESH_TOKEN":")" +
                                         refresh_[random() % refresh_.size()] + "\"}}");
        } else if (plan_.mode == "getuser") {
            answer = connection.Call(std::string(kService) + "GetUser",
                                     R"({"AccessToken":")" + access_[random() % access_.size()] + "\"}");
        } else if (plan_.mode == "signup") {
            const std::string name =
                "new-" + std::to_string(number) + "-" + std::to_string(count) + "-" + std::to_string(run_);
            answer = connection.Call(
                std::string(kService) + "SignUp",
                R"({"ClientId":")" + plan_.client + R"(","Username":")" + name + R"(","Password":")" + kPassword +
                    R"(","UserAttributes":[{"Name":"email","Value":")" + name + "@example.com\"}]}");
        } else {
            throw std::runtime_error("there is no mode " + plan_.mode);
        }
        if (answer.status != 200) throw std::runtime_error(answer.body.substr(0, 200));
    }

    static void Print(std::vector<Seen>& seen, double seconds) {
        std::vector<std::uint32_t> all;
        std::int64_t errors = 0;
        std::string first;
        for (const Seen& one : seen) {
            all.insert(all.end(), one.microseconds.begin(), one.microseconds.end());
            errors += one.errors;
            if (first.empty()) first = one.first_error;
        }
        std::ranges::sort(all);
        const auto at = [&](double part) {
            return all.empty() ? 0 : all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
        };
        JsonWriter out;
        out.BeginObject().Key("requests").Whole(static_cast<std::int64_t>(all.size())).Key("errors").Whole(errors);
        out.Key("milliseconds")
            .Whole(static_cast<std::int64_t>(seconds * 1000))
            .Key("p50")
            .Whole(at(0.5))
            .Key("p99")
            .Whole(at(0.99));
        if (!first.empty()) out.Key("first_error").Text(first);
        out.EndObject();
        std::printf("%s\n", out.Take().c_str());
    }

    Plan plan_;
    std::vector<std::string> access_, refresh_;
    std::int64_t run_ = std::chrono::steady_clock::now().time_since_epoch().count();
};

Plan ReadPlan(int argc, char** argv) {
    std::map<std::string, std::string> given;
    for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
    Plan plan;
    plan.port = std::stoi(given.at("--port"));
    plan.client = given.at("--client");
    plan.pool = given["--pool"];
    plan.mode = given.at("--mode");
    if (given.contains("--users")) plan.users = std::stoll(given["--users"]);
    if (given.contains("--stride")) plan.stride = std::stoll(given["--stride"]);
    if (given.contains("--connections")) plan.connections = std::stoi(given["--connections"]);
    if (given.contains("--seconds")) plan.seconds = std::stod(given["--seconds"]);
    return plan;
}

}  // namespace
}  // namespace cardea::bench

int main(int argc, char** argv) {
    cardea::bench::Load(cardea::bench::ReadPlan(argc, argv)).Run();
    return 0;
}
