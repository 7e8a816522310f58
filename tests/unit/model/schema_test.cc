#include "model/schema.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

Pool PlainPool() {
    Pool pool;
    pool.schema = StandardSchema();
    return pool;
}

SchemaAttribute Entry(std::string name, std::optional<AttributeData> type = std::nullopt) {
    SchemaAttribute entry;
    entry.name = std::move(name);
    entry.attribute_data_type = type;
    return entry;
}

Pool PoolWith(std::vector<SchemaAttribute> entries) {
    Pool pool = PlainPool();
    const auto fault = ApplySchema(pool.schema, entries);
    EXPECT_FALSE(fault) << fault->message;
    return pool;
}

std::string FaultOf(SchemaAttribute entry) {
    auto schema = StandardSchema();
    const auto fault = ApplySchema(schema, std::span(&entry, 1));
    return fault ? fault->message : "";
}

TEST(Schema, HasTheStandardAttributesInTheOrderOfTheFactSheet) {
    const auto schema = StandardSchema();
    ASSERT_EQ(schema.size(), 21u);
    EXPECT_EQ(PrintShape(schema.front()),
              R"({"Name":"sub","AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":false,)"
              R"("Required":true,"StringAttributeConstraints":{"MinLength":"1","MaxLength":"2048"}})");
    EXPECT_EQ(PrintShape(schema[19]),
              R"({"Name":"updated_at","AttributeDataType":"Number","DeveloperOnlyAttribute":false,"Mutable":true,)"
              R"("Required":false,"NumberAttributeConstraints":{"MinValue":"0"}})");
    EXPECT_EQ(PrintShape(schema.back()),
              R"({"Name":"identities","AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,)"
              R"("Required":false,"StringAttributeConstraints":{}})");
    EXPECT_EQ(PrintShape(schema[13]),
              R"({"Name":"birthdate","AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,)"
              R"("Required":false,"StringAttributeConstraints":{"MinLength":"10","MaxLength":"10"}})");
    EXPECT_TRUE(IsStandardAttribute("email"));
    EXPECT_FALSE(IsStandardAttribute("Email"));
    EXPECT_FALSE(IsStandardAttribute("custom:email"));
}

TEST(Schema, ChangesAStandardAttributeInPlaceAndAddsACustomOneWithItsPrefix) {
    SchemaAttribute email = Entry("email");
    email.is_required = true;
    email.is_mutable = false;
    email.string_attribute_constraints.emplace().max_length = "80";
    SchemaAttribute developer = Entry("level", AttributeData::kNumber);
    developer.developer_only_attribute = true;
    const Pool pool = PoolWith({email, Entry("team"), developer});
    ASSERT_EQ(pool.schema.size(), 23u);
    EXPECT_EQ(PrintShape(*FindSchema(pool, "email")),
              R"({"Name":"email","AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":false,)"
              R"("Required":true,"StringAttributeConstraints":{"MinLength":"0","MaxLength":"80"}})");
    EXPECT_EQ(PrintShape(*FindSchema(pool, "custom:team")),
              R"({"Name":"custom:team","AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,)"
              R"("Required":false,"StringAttributeConstraints":{}})");
    EXPECT_EQ(PrintShape(*FindSchema(pool, "dev:custom:level")),
              R"({"Name":"dev:custom:level","AttributeDataType":"Number","DeveloperOnlyAttribute":true,"Mutable":true,)"
              R"("Required":false,"NumberAttributeConstraints":{}})");
    EXPECT_EQ(FindSchema(pool, "team"), nullptr);
}

TEST(Schema, RefusesWhatAwsRefusesInItsWords) {
    SchemaAttribute entry = Entry("email", AttributeData::kNumber);
    EXPECT_EQ(FaultOf(entry),
              "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email");
    entry = Entry("team");
    entry.is_required = true;
    EXPECT_EQ(FaultOf(entry), "Required custom attributes are not supported currently.");
    entry = Entry("team");
    entry.string_attribute_constraints.emplace().max_length = "2049";
    EXPECT_EQ(FaultOf(entry), "user.custom:team: String attributes cannot have a length of more than 2048");
    entry.string_attribute_constraints = {"9", "8"};
    EXPECT_EQ(FaultOf(entry), "user.custom:team: Max length cannot be less than min length.");
    for (const char* bad : {"", "x", "1.5", " 1", "-1", "99999999999999999999"}) {
        entry.string_attribute_constraints = {bad, std::nullopt};
        EXPECT_EQ(FaultOf(entry), "Invalid StringAttributeConstraints for schema attribute custom:team") << bad;
    }
    entry = Entry("age", AttributeData::kNumber);
    entry.number_attribute_constraints = {"9", "8"};
    EXPECT_EQ(FaultOf(entry), "user.custom:age: Max value cannot be less than min value.");
    entry.number_attribute_constraints = {"nine", std::nullopt};
    EXPECT_EQ(FaultOf(entry), "Invalid NumberAttributeConstraints for schema attribute custom:age");
    entry.number_attribute_constraints.reset();
    entry.string_attribute_constraints.emplace();
    EXPECT_EQ(FaultOf(entry), "Invalid StringAttributeConstraints for schema attribute custom:age");
    entry = Entry("sub");
    entry.is_mutable = true;
    EXPECT_NE(FaultOf(entry), "");
    EXPECT_NE(FaultOf(SchemaAttribute{}), "");
}

TEST(Schema, RefusesASecondAttributeOfANameAndTheFiftyFirst) {
    auto schema = StandardSchema();
    std::vector<SchemaAttribute> entries{Entry("team"), Entry("team")};
    EXPECT_EQ(ExtendSchema(schema, entries)->message, "custom:team: Existing attribute already has name custom:team.");
    schema = StandardSchema();
    for (int i = 0; i < 50; ++i) {
        const SchemaAttribute entry = Entry("a" + std::to_string(i));
        ASSERT_FALSE(ExtendSchema(schema, std::span(&entry, 1)));
    }
    const SchemaAttribute last = Entry("z");
    EXPECT_TRUE(ExtendSchema(schema, std::span(&last, 1)));
}

TEST(Schema, AddsAStandardNameAsACustomAttributeWhenAskedToAdd) {
    auto schema = StandardSchema();
    const SchemaAttribute entry = Entry("email");
    ASSERT_FALSE(ExtendSchema(schema, std::span(&entry, 1)));
    EXPECT_EQ(schema.back().name, "custom:email");
}

TEST(Attributes, AreRefusedWhenTheSchemaDoesNotKnowThem) {
    EXPECT_EQ(ValidateAttributes(PlainPool(), {{"custom:role", "x"}}, AttributeWrite::kSignUp),
              "Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined");
    EXPECT_EQ(ValidateAttributes(PlainPool(), {{"sub", "x"}}, AttributeWrite::kAdminCreate),
              "Cannot modify the non-mutable attribute sub");
}

TEST(Attributes, MustHaveWhatIsRequiredAtSignUpOnly) {
    SchemaAttribute email = Entry("email");
    email.is_required = true;
    SchemaAttribute name = Entry("name");
    name.is_required = true;
    const Pool pool = PoolWith({email, name});
    EXPECT_EQ(ValidateAttributes(pool, {{"email", ""}}, AttributeWrite::kSignUp),
              "Attributes did not conform to the schema: name: The attribute is required\n"
              "email: The attribute is required\n");
    EXPECT_EQ(ValidateAttributes(pool, {}, AttributeWrite::kAdminCreate), std::nullopt);
    EXPECT_EQ(ValidateAttributes(pool, {{"given_name", "A"}}, AttributeWrite::kUpdate), std::nullopt);
    EXPECT_EQ(ValidateAttributes(pool, {{"name", ""}}, AttributeWrite::kUpdate),
              "Attributes did not conform to the schema: name: The attribute is required\n");
    EXPECT_EQ(MissingRequired(pool, {{"email", "a@b.example"}}), std::vector<std::string>{"name"});
}

TEST(Attributes, KeepTheirLengthsCountedAsAwsCounts) {
    SchemaAttribute team = Entry("team");
    team.string_attribute_constraints = {"2", "3"};
    const Pool pool = PoolWith({team});
    EXPECT_EQ(ValidateAttributes(pool, {{"custom:team", "abcd"}}, AttributeWrite::kSignUp),
              "Attributes did not conform to the schema: custom:team: String must not be longer than 3 characters\n");
    EXPECT_EQ(ValidateAttributes(pool, {{"custom:team", "a"}}, AttributeWrite::kSignUp),
              "Attributes did not conform to the schema: custom:team: String must not be shorter than 2 characters\n");
    EXPECT_EQ(ValidateAttributes(pool, {{"custom:team", "äöü"}}, AttributeWrite::kSignUp), std::nullopt);
    // Outside the basic plane a character counts twice.
    EXPECT_NE(ValidateAttributes(pool, {{"custom:team", "😀😀"}}, AttributeWrite::kSignUp), std::nullopt);
    EXPECT_NE(ValidateAttributes(pool, {{"nickname", std::string(2049, 'x')}}, AttributeWrite::kUpdate), std::nullopt);
}

TEST(Attributes, HaveTheTypeThatTheSchemaSays) {
    SchemaAttribute age = Entry("age", AttributeData::kNumber);
    age.number_attribute_constraints = {"0", "150"};
    const Pool pool = PoolWith({age, Entry("flag", AttributeData::kBoolean), Entry("seen", AttributeData::kDateTime)});
    const auto valid = [&](const char* name, const char* value) {
        return !ValidateAttributes(pool, {{name, value}}, AttributeWrite::kSignUp);
    };
    for (const char* good : {"0", "42", "150"}) EXPECT_TRUE(valid("custom:age", good)) << good;
    for (const char* bad : {"-1", "151", "x", "1.5", "1e3", " 1", "99999999999999999999"})
        EXPECT_FALSE(valid("custom:age", bad)) << bad;
    for (const char* good : {"true", "false", "True"}) EXPECT_TRUE(valid("custom:flag", good)) << good;
    for (const char* bad : {"yes", "1", "TRUE "}) EXPECT_FALSE(valid("custom:flag", bad)) << bad;
    for (const char* good : {"2026-01-31", "2026-01-31T10:20:30Z", "2026-01-31T10:20", "2026-01-31 10:20:30.123+02:00"})
        EXPECT_TRUE(valid("custom:seen", good)) << good;
    for (const char* bad : {"2026-1-31", "yesterday", "2026-01-31T", "2026-01-31T10:20:30X", "2026-01-31T10:20:30.Z"})
        EXPECT_FALSE(valid("custom:seen", bad)) << bad;
}

TEST(Attributes, AreNotUpdatedWhenTheyAreImmutable) {
    SchemaAttribute team = Entry("team");
    team.is_mutable = false;
    const Pool pool = PoolWith({team});
    EXPECT_EQ(ValidateAttributes(pool, {{"custom:team", "x"}}, AttributeWrite::kUpdate),
              "user.custom:team: Attribute cannot be updated.\n");
    EXPECT_EQ(ValidateAttributes(pool, {{"custom:team", "x"}}, AttributeWrite::kSignUp), std::nullopt);
}

TEST(Attributes, HaveTheFormatsThatCognitoKnows) {
    const Pool pool = PlainPool();
    EXPECT_EQ(ValidateAttributes(pool, {{"email", "nobody"}}, AttributeWrite::kSignUp),
              "Invalid email address format.");
    EXPECT_EQ(ValidateAttributes(pool, {{"phone_number", "5555"}}, AttributeWrite::kUpdate),
              "Invalid phone number format.");
    EXPECT_EQ(ValidateAttributes(pool, {{"birthdate", "1990"}}, AttributeWrite::kSignUp), "Invalid birthdate format");
    EXPECT_EQ(ValidateAttributes(pool, {{"birthdate", "1990-01-02"}}, AttributeWrite::kSignUp), std::nullopt);
    EXPECT_EQ(ValidateAttributes(pool, {{"email", ""}}, AttributeWrite::kUpdate), std::nullopt);
}

TEST(Attributes, TakeAnAddressThatIsOne) {
    for (const char* good : {"a@b", "ana.b+c@example.com", "jörg@müller.example", "o'neil@example.com"})
        EXPECT_TRUE(IsEmailAddress(good)) << good;
    for (const char* bad : {"", "@", "a@", "@b", "a b@c.example", "a@b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b.", "a@.b",
                            "a@b..c", "\"a\"@b", "a,b@c", "a@-b"})
        EXPECT_FALSE(IsEmailAddress(bad)) << bad;
    EXPECT_FALSE(IsEmailAddress(std::string(65, 'a') + "@example.com"));
    EXPECT_FALSE(IsEmailAddress("a@" + std::string(253, 'b')));
    for (const char* good : {"+15555550123", "+1", "+999999999999999"}) EXPECT_TRUE(IsPhoneNumber(good)) << good;
    for (const char* bad : {"", "+", "15555550123", "+1 555", "+1a", "+1234567890123456"})
        EXPECT_FALSE(IsPhoneNumber(bad)) << bad;
}

TEST(ClientPermissions, AreEverythingButTheServicesOwnWhereNothingIsListed) {
    SchemaAttribute developer = Entry("level");
    developer.developer_only_attribute = true;
    const Pool pool = PoolWith({Entry("team"), developer});
    const Client client;
    EXPECT_EQ(ReadableAttributes(client, pool).size(), 22u);
    EXPECT_TRUE(CanRead(client, pool, "custom:team"));
    EXPECT_FALSE(CanRead(client, pool, "dev:custom:level"));
    EXPECT_FALSE(CanRead(client, pool, "custom:none"));
    EXPECT_TRUE(CanWrite(client, pool, "custom:team"));
    EXPECT_TRUE(CanWrite(client, pool, "custom:none"));
    for (const char* own : {"sub", "identities", "email_verified", "phone_number_verified", "dev:custom:level"})
        EXPECT_FALSE(CanWrite(client, pool, own)) << own;
}

TEST(ClientPermissions, AreTheListsWhereTheyAreThere) {
    const Pool pool = PlainPool();
    Client client;
    client.read_attributes = {"email"};
    client.write_attributes = {"name", "email_verified"};
    EXPECT_EQ(ReadableAttributes(client, pool), (std::vector<std::string>{"sub", "email"}));
    EXPECT_TRUE(CanWrite(client, pool, "name"));
    EXPECT_FALSE(CanWrite(client, pool, "email"));
    EXPECT_FALSE(CanWrite(client, pool, "email_verified"));
}

}  // namespace
}  // namespace cardea
