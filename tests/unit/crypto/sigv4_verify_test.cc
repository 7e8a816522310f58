#include "crypto/sigv4_verify.h"

#include <gtest/gtest.h>

#include "crypto/sigv4_claim.h"

namespace cardea {
namespace {

const Instant kNow = ParseIso8601Basic("20150830T123600Z").value();
constexpr char kMismatch[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";

const auto FindSecret = [](std::string_view id, std::string_view) -> std::optional<Secret> {
    if (id != "AKIDEXAMPLE") return std::nullopt;
    return Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
};

// A signed request that a test may bend before it is verified.
struct Request {
    std::string method = "POST", path = "/", query, body = R"({"UserPoolId":"us-east-1_abc"})";
    std::vector<Header> headers = {{"host", "localhost:9229"}, {"x-amz-target", "Service.Operation"}};
    Instant signed_at = kNow;

    std::vector<HeaderView> Views() const {
        std::vector<HeaderView> views;
        for (const Header& header : headers) views.push_back({header.name, header.value});
        return views;
    }
    static AwsCredentials Credentials() { return {"AKIDEXAMPLE", FindSecret("AKIDEXAMPLE", "").value(), std::nullopt}; }
    Request& Sign(const AwsCredentials& credentials = Credentials()) {
        const auto views = Views();
        for (const Header& header :
             SignRequest({method, path, query, views, body}, credentials, {"eu-west-1", "cognito-idp", signed_at}))
            headers.push_back(header);
        return *this;
    }
    Request& Presign(std::chrono::seconds valid_for) {
        const auto views = Views();
        query = PresignQuery({method, path, query, views, body}, Credentials(), {"eu-west-1", "cognito-idp", signed_at},
                             valid_for);
        return *this;
    }
    std::string& operator[](std::string_view name) {
        for (Header& header : headers)
            if (header.name == name) return header.value;
        return headers.emplace_back(Header{std::string(name), ""}).value;
    }
    Request& Remove(std::string_view name) {
        std::erase_if(headers, [&](const Header& header) { return header.name == name; });
        return *this;
    }
    SigV4Result Verify(Instant now = kNow, std::string_view region = {}) const {
        const auto views = Views();
        return VerifySigV4({method, path, query, views, body}, {.service = "cognito-idp", .region = region, .now = now},
                           FindSecret);
    }
};

void ExpectFault(const SigV4Result& result, SigV4Fault fault, const std::string& message) {
    const auto* failure = std::get_if<SigV4Failure>(&result);
    ASSERT_NE(failure, nullptr) << "accepted instead of: " << message;
    EXPECT_EQ(static_cast<int>(failure->fault), static_cast<int>(fault)) << failure->message;
    EXPECT_EQ(failure->message, message);
}

bool Accepted(const SigV4Result& result) { return std::holds_alternative<SigV4Caller>(result); }

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(SigV4Verify, AcceptsWhatWasSigned) {
    const SigV4Result result = Request().Sign().Verify(kNow, "eu-west-1");
    const auto* caller = std::get_if<SigV4Caller>(&result);
    ASSERT_NE(caller, nullptr) << std::get<SigV4Failure>(result).message;
    EXPECT_EQ(caller->access_key_id, "AKIDEXAMPLE");
    EXPECT_EQ(caller->region, "eu-west-1");
    EXPECT_EQ(caller->service, "cognito-idp");
    EXPECT_EQ(caller->signed_at, kNow);
    EXPECT_FALSE(caller->session_token);
    EXPECT_FALSE(caller->presigned);
}

TEST(SigV4Verify, PassesTheSessionTokenOn) {
    AwsCredentials credentials = Request::Credentials();
    credentials.session_token = Secret("token");
    Request request;
    request.Sign(credentials);
    const SigV4Result result = request.Verify();
    ASSERT_TRUE(Accepted(result));
    EXPECT_EQ(std::get<SigV4Caller>(result).session_token->Reveal(), "token");
    request["x-amz-security-token"] = "tokem";
    ExpectFault(request.Verify(), SigV4Fault::kMismatch, kMismatch);
    // A token that was added after signing stays unsigned (the suite's post-sts-header-after).
    Request after;
    after.Sign();
    after["x-amz-security-token"] = "late";
    EXPECT_TRUE(Accepted(after.Verify()));
}

TEST(SigV4Verify, RefusesAHeaderOfAwsThatWasAddedAfterSigning) {
    for (const std::string name : {"x-amz-content-sha256", "x-amz-anything"}) {
        Request request;
        request.Sign();
        request[name] = "UNSIGNED-PAYLOAD";
        ExpectFault(request.Verify(), SigV4Fault::kInvalid, "The header '" + name + "' is not signed.");
    }
}

TEST(SigV4Verify, RefusesEveryChange) {
    const auto mismatch = [](auto change) {
        Request request;
        request.Sign();
        change(request);
        ExpectFault(request.Verify(), SigV4Fault::kMismatch, kMismatch);
    };
    mismatch([](Request& r) { r.body += " "; });
    mismatch([](Request& r) { r.method = "PUT"; });
    mismatch([](Request& r) { r.path = "/other"; });
    mismatch([](Request& r) { r.query = "a=b"; });
    mismatch([](Request& r) { r["x-amz-target"] = "Service.Another"; });
    mismatch([](Request& r) { r["host"] = "elsewhere"; });
    mismatch([](Request& r) { r.Remove("x-amz-target"); });
    mismatch([](Request& r) { r["authorization"].back() ^= 1; });
    mismatch([](Request& r) { r["authorization"].pop_back(); });
    mismatch([](Request& r) { r["authorization"] += "0"; });
    mismatch([](Request& r) {
        r["authorization"] =
            Replaced(r["authorization"], "SignedHeaders=host;x-amz-date", "SignedHeaders=x-amz-date;host");
    });
    mismatch([](Request& r) {
        r["authorization"] = Replaced(r["authorization"], "SignedHeaders=host", "SignedHeaders=host;host");
    });
    mismatch([](Request& r) { r["authorization"] = Replaced(r["authorization"], "/eu-west-1/", "/eu-west-2/"); });
}

TEST(SigV4Verify, HoldsTheBodyAgainstItsDeclaredHash) {
    Request request;
    request["x-amz-content-sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    request.Sign();
    ExpectFault(request.Verify(), SigV4Fault::kMismatch, kMismatch);
    Request unsigned_body;
    unsigned_body["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
    ExpectFault(unsigned_body.Sign().Verify(), SigV4Fault::kMismatch, kMismatch);
}

TEST(SigV4Verify, TellsAMissingSignature) {
    ExpectFault(Request().Verify(), SigV4Fault::kMissing, "Missing Authentication Token");
    for (const char* value : {"", "Bearer abc", "AWS abc:def", "aws4-hmac-sha256 Credential=x"}) {
        Request request;
        request["authorization"] = value;
        ExpectFault(request.Verify(), SigV4Fault::kMissing, "Missing Authentication Token");
    }
}

TEST(SigV4Verify, TellsEveryMissingPart) {
    Request request;
    request["authorization"] = "AWS4-HMAC-SHA256";
    ExpectFault(
        request.Verify(), SigV4Fault::kIncomplete,
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a "
        "'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256");
    request["authorization"] = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host";
    request["x-amz-date"] = "20150830T123600Z";
    ExpectFault(request.Verify(), SigV4Fault::kIncomplete,
                "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=a, "
                "SignedHeaders=host");
    request["authorization"] = "AWS4-HMAC-SHA256 Credential";
    ExpectFault(
        request.Verify(), SigV4Fault::kIncomplete,
        "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 "
        "Credential'.");
    request["authorization"] = "AWS4-HMAC-SHA256 Credential=a,Credential=b";
    ExpectFault(request.Verify(), SigV4Fault::kIncomplete, "Authorization header has 'Credential' more than once.");
}

TEST(SigV4Verify, CommasAndBlanksSeparateTheParts) {
    for (const char* separator : {",", " ", " , ", ",\t"}) {
        Request request;
        request.Sign();
        std::string& value = request["authorization"];
        value = Replaced(Replaced(value, ", SignedHeaders", std::string(separator) + "SignedHeaders"),
                         ", Signature=", std::string(separator) + "Signature=");
        EXPECT_TRUE(Accepted(request.Verify())) << value;
    }
}

TEST(SigV4Verify, KeepsTheWindowOfFiveMinutes) {
    const Request request = Request().Sign();
    EXPECT_TRUE(Accepted(request.Verify(kNow + std::chrono::minutes(5))));
    EXPECT_TRUE(Accepted(request.Verify(kNow - std::chrono::minutes(5))));
    ExpectFault(request.Verify(kNow + std::chrono::minutes(14)), SigV4Fault::kSkewed,
                "Signature expired: 20150830T123600Z is now earlier than 20150830T124500Z (20150830T125000Z - 5 min.)");
    ExpectFault(
        request.Verify(kNow - std::chrono::minutes(6)), SigV4Fault::kSkewed,
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123500Z (20150830T123000Z + 5 min.)");
}

TEST(SigV4Verify, ReadsTheTimeFromEitherHeader) {
    Request request;
    request.Sign();
    for (const char* bad : {"", "2015-08-30T12:36:00Z", "20150830T123600", "20150230T123600Z", "20150830T243600Z",
                            "2015083 T123600Z", "99999999T999999Z"}) {
        request["x-amz-date"] = bad;
        EXPECT_FALSE(Accepted(request.Verify()));
    }
    request["x-amz-date"] = "yesterday";
    ExpectFault(request.Verify(), SigV4Fault::kIncomplete,
                "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601");
    EXPECT_EQ(ParseHttpDate("Sun, 30 Aug 2015 12:36:00 GMT"), kNow);
    for (const char* bad :
         {"Sun, 30 Aux 2015 12:36:00 GMT", "Sun, 31 Feb 2015 12:36:00 GMT", "Sun, 30 Aug 2015 12:60:00 GMT",
          "Sun, 30 Aug 2015 12:36:00 UTC", "", "Sun, 30 anF 2015 12:36:00 GMT"})
        EXPECT_EQ(ParseHttpDate(bad), std::nullopt) << bad;
    // Signed with a Date header alone: the string to sign has it in the other form.
    request.Remove("x-amz-date")["date"] = "Sun, 30 Aug 2015 12:36:00 GMT";
    request["authorization"] =
        Replaced(request["authorization"], "host;x-amz-date;x-amz-target", "date;host;x-amz-target");
    const auto views = request.Views();
    const SigV4Scope scope{"20150830", "eu-west-1", "cognito-idp"};
    const auto canonical = CanonicalRequest({"POST", "/", "", views, ""}, "date;host;x-amz-target",
                                            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    request.body.clear();
    std::string& value = request["authorization"];
    value = value.substr(0, value.rfind('=') + 1) +
            SigV4Signature(DeriveSigV4Key(FindSecret("AKIDEXAMPLE", "").value(), scope),
                           StringToSign("20150830T123600Z", scope, *canonical));
    EXPECT_TRUE(Accepted(request.Verify()));
}

TEST(SigV4Verify, ChecksTheScope) {
    const Request request = Request().Sign();
    ExpectFault(request.Verify(kNow, "us-east-1"), SigV4Fault::kWrongScope,
                "Credential should be scoped to a valid region, not 'eu-west-1'. ");
    const auto views = request.Views();
    ExpectFault(VerifySigV4({"POST", "/", "", views, request.body}, {.service = "sts", .now = kNow}, FindSecret),
                SigV4Fault::kWrongScope, "Credential should be scoped to correct service: 'sts'. ");
    Request bent = request;
    bent["authorization"] = Replaced(bent["authorization"], "/20150830/eu-west-1/cognito-idp/aws4_request",
                                     "/20150829/eu-west-1/cognito-idp/aws5_request");
    ExpectFault(
        bent.Verify(), SigV4Fault::kWrongScope,
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. Date in Credential "
        "scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from "
        "'20150830T123600Z'. ");
    bent["authorization"] = Replaced(bent["authorization"], "/20150829/eu-west-1/cognito-idp/aws5_request", "/x");
    ExpectFault(bent.Verify(), SigV4Fault::kIncomplete,
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                "'AKIDEXAMPLE/x'");
}

TEST(SigV4Verify, ChecksAlgorithmHostAndKey) {
    Request request;
    request.Sign();
    Request bent = request;
    bent["authorization"] = Replaced(bent["authorization"], "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512");
    ExpectFault(bent.Verify(), SigV4Fault::kIncomplete,
                "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 for now). ");
    bent = request;
    bent["authorization"] = Replaced(bent["authorization"], "SignedHeaders=host;", "SignedHeaders=");
    ExpectFault(bent.Verify(), SigV4Fault::kInvalid,
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    bent = request;
    bent["authorization"] = Replaced(bent["authorization"], "AKIDEXAMPLE", "AKIDNOBODY");
    ExpectFault(bent.Verify(), SigV4Fault::kUnknownKey, "The security token included in the request is invalid.");
}

TEST(SigV4Verify, RefusesHeadersThatStandTwice) {
    for (const char* name : {"authorization", "host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}) {
        Request request;
        request.Sign();
        request[name];
        request.headers.push_back({name, request[name]});
        ExpectFault(request.Verify(), SigV4Fault::kInvalid,
                    std::string("The request must not have more than one '") + name + "' header.");
    }
}

TEST(SigV4Verify, RefusesWhatIsTooLarge) {
    const std::string message = "The request is too large for its signature to be verified.";
    Request request;
    request.Sign();
    for (int i = 0; i < 128; ++i) request.headers.push_back({"x", "y"});
    ExpectFault(request.Verify(), SigV4Fault::kInvalid, message);
    request = Request().Sign();
    request["x-large"] = std::string(65 * 1024, 'x');
    ExpectFault(request.Verify(), SigV4Fault::kInvalid, message);
    request = Request().Sign();
    request.query = std::string(600, '&');
    ExpectFault(request.Verify(), SigV4Fault::kInvalid, message);
    request.query = std::string(33 * 1024, 'q');
    ExpectFault(request.Verify(), SigV4Fault::kInvalid, message);
    request.query.clear();
    request.path = std::string(17 * 1024, '/');
    ExpectFault(request.Verify(), SigV4Fault::kInvalid, message);
    const auto views = request.Views();
    EXPECT_FALSE(ReadClaimedCredential({"POST", request.path, "", views, ""}));
}

TEST(SigV4Verify, AcceptsAPresignedUrlUntilItExpires) {
    Request request;
    request.method = "GET";
    request.body.clear();
    request.query = "Action=GetCallerIdentity&Version=2011-06-15";
    request.Presign(std::chrono::seconds(90));
    const SigV4Result result = request.Verify(kNow + std::chrono::seconds(90));
    ASSERT_TRUE(Accepted(result)) << std::get<SigV4Failure>(result).message;
    EXPECT_TRUE(std::get<SigV4Caller>(result).presigned);
    ExpectFault(
        request.Verify(kNow + std::chrono::seconds(91)), SigV4Fault::kSkewed,
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123731Z - 90 sec.)");
    ExpectFault(
        request.Verify(kNow - std::chrono::minutes(6)), SigV4Fault::kSkewed,
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123500Z (20150830T123000Z + 5 min.)");
    Request bent = request;
    bent.query = Replaced(bent.query, "GetCallerIdentity", "GetSessionToken");
    ExpectFault(bent.Verify(), SigV4Fault::kMismatch, kMismatch);
    bent = request;
    bent.query = Replaced(bent.query, "X-Amz-Expires=90", "X-Amz-Expires=604800");
    ExpectFault(bent.Verify(), SigV4Fault::kMismatch, kMismatch);
    bent = request;
    bent["authorization"] = "AWS4-HMAC-SHA256 x=y";
    ExpectFault(bent.Verify(), SigV4Fault::kInvalid,
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
}

TEST(SigV4Verify, TellsWhatAPresignedUrlLacks) {
    const std::string end = "Re-examine the query-string parameters.";
    Request request;
    request.query = "X-Amz-Signature=0&X-Amz-Date=20150830T123600Z";
    ExpectFault(request.Verify(), SigV4Fault::kIncomplete,
                "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include "
                "'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string "
                "parameters must include 'X-Amz-Expires'. " +
                    end);
    for (const char* expires : {"0", "604801", "-1", "1e3", "99999999999999999999", "6 0"}) {
        Request bent;
        bent.Presign(std::chrono::seconds(60));
        bent.query = Replaced(bent.query, "X-Amz-Expires=60", std::string("X-Amz-Expires=") + expires);
        ExpectFault(bent.Verify(), SigV4Fault::kIncomplete,
                    "'X-Amz-Expires' must be a number from 1 to 604800. " + end);
    }
    Request twice;
    twice.Presign(std::chrono::seconds(60)).query += "&X%2DAmz-Expires=600";
    ExpectFault(twice.Verify(), SigV4Fault::kIncomplete, "AWS query-string parameters must not be repeated. " + end);
}

TEST(SigV4Verify, ReadsAClaimedCredentialWithoutProof) {
    Request request;
    request["authorization"] =
        "AWS4-HMAC-SHA256 Credential=any/20200101/ap-south-1/sts/aws4_request, SignedHeaders=host, Signature=x";
    request["x-amz-date"] = "now";
    const auto views = request.Views();
    const auto claimed = ReadClaimedCredential({"POST", "/", "", views, ""});
    ASSERT_TRUE(claimed);
    EXPECT_EQ(claimed->access_key_id, "any");
    EXPECT_EQ(claimed->region, "ap-south-1");
    EXPECT_EQ(claimed->service, "sts");
    EXPECT_EQ(claimed->date, "20200101");
    EXPECT_FALSE(ReadClaimedCredential({"POST", "/", "", {}, ""}));
}

}  // namespace
}  // namespace cardea
