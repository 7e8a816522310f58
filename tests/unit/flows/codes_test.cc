#include "flows/codes.h"

#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "store/codes.h"
#include "user_pool.h"

namespace cardea::test {
namespace {

class Codes : public testing::Test {
 protected:
    IssuedCode Put(const User& to, CodePurpose purpose) {
        const IssuedCode code = MakeCode(ctx, pool, to, purpose, "email", "ada@example.com");
        ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
        return code;
    }
    Error Give(const User& who, CodePurpose purpose, const Secret& code) {
        return KindOfError([&] { RequireCode(ctx, pool, who, purpose, code); });
    }
    void Wait(Duration time) {
        world.clock.Advance(time);
        ctx.now = world.clock.Now();
    }

    World world;
    PoolHandle handle = MakePool(world, R"(, "AutoVerifiedAttributes": ["email"])");
    const Pool& pool = handle->value;
    User ada = MakeUser(world, pool, "ada");
    User bob = MakeUser(world, pool, "bob");
    Context ctx = world.MakeContext();
};

TEST_F(Codes, HaveSixDigitsAndAreNotKept) {
    const IssuedCode code = Put(ada, CodePurpose::kSignUp);
    EXPECT_EQ(code.plain.Reveal().size(), 6u);
    EXPECT_EQ(code.plain.Reveal().find_first_not_of("0123456789"), std::string_view::npos);
    EXPECT_EQ(code.stored.mac.find(code.plain.Reveal()), std::string::npos);
    EXPECT_EQ(Give(ada, CodePurpose::kSignUp, code.plain), Error::kCount);
}

TEST_F(Codes, AreOfOneUserAndOnePurpose) {
    const IssuedCode code = Put(ada, CodePurpose::kSignUp);
    EXPECT_EQ(Give(bob, CodePurpose::kSignUp, code.plain), Error::kExpiredCode);
    EXPECT_EQ(Give(ada, CodePurpose::kForgotPassword, code.plain), Error::kExpiredCode);
    Put(bob, CodePurpose::kSignUp);
    Put(ada, CodePurpose::kForgotPassword);
    EXPECT_EQ(Give(bob, CodePurpose::kSignUp, code.plain), Error::kCodeMismatch);
    EXPECT_EQ(Give(ada, CodePurpose::kForgotPassword, code.plain), Error::kCodeMismatch);
}

TEST_F(Codes, CannotBePutInAnothersRow) {
    IssuedCode code = MakeCode(ctx, pool, ada, CodePurpose::kSignUp, "email", "ada@example.com");
    code.stored.user_id = bob.id;
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    EXPECT_EQ(Give(bob, CodePurpose::kSignUp, code.plain), Error::kCodeMismatch);
}

TEST_F(Codes, EndAfterADayAndRecoveryAfterAnHour) {
    const IssuedCode sign_up = Put(ada, CodePurpose::kSignUp);
    const IssuedCode recovery = Put(ada, CodePurpose::kForgotPassword);
    Wait(std::chrono::hours(1) - std::chrono::seconds(1));
    EXPECT_EQ(Give(ada, CodePurpose::kForgotPassword, recovery.plain), Error::kCount);
    Wait(std::chrono::seconds(1));
    EXPECT_EQ(Give(ada, CodePurpose::kForgotPassword, recovery.plain), Error::kExpiredCode);
    Wait(std::chrono::hours(23) - std::chrono::seconds(1));
    EXPECT_EQ(Give(ada, CodePurpose::kSignUp, sign_up.plain), Error::kCount);
    Wait(std::chrono::seconds(1));
    EXPECT_EQ(Give(ada, CodePurpose::kSignUp, sign_up.plain), Error::kExpiredCode);
}

TEST_F(Codes, AreWorthNothingAfterTwentyWrongGuesses) {
    const IssuedCode code = Put(ada, CodePurpose::kSignUp);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(Give(ada, CodePurpose::kSignUp, Secret("x")), Error::kCodeMismatch);
    EXPECT_EQ(Give(ada, CodePurpose::kSignUp, code.plain), Error::kLimitExceeded);
    const IssuedCode next = Put(ada, CodePurpose::kSignUp);
    EXPECT_EQ(Give(ada, CodePurpose::kSignUp, next.plain), Error::kCount);
}

TEST_F(Codes, OfNobodyAreWrong) {
    EXPECT_EQ(KindOfError([&] { RejectUnknownUsersCode(ctx, pool, "nobody", CodePurpose::kSignUp, Secret("123456")); }),
              Error::kCodeMismatch);
}

TEST_F(Codes, ThatAreNotDeliveredAreTold) {
    const IssuedCode code = Put(ada, CodePurpose::kSignUp);
    world.messages.refuse = true;
    EXPECT_EQ(KindOfError([&] { SendCode(ctx, pool, ada, code); }), Error::kCodeDeliveryFailure);
    EXPECT_EQ(TrySendCode(ctx, pool, ada, code), std::nullopt);
    world.messages.refuse = false;
    EXPECT_EQ(SendCode(ctx, pool, ada, code).destination, "a***@e***");
    ASSERT_EQ(world.messages.sent.size(), 1u);
    EXPECT_EQ(world.messages.sent[0].to, "ada@example.com");
    EXPECT_EQ(world.messages.sent[0].body.Reveal(),
              "Your verification code is " + std::string(code.plain.Reveal()) + ". ");
}

TEST_F(Codes, CountAttemptsAnHourFromTheFirst) {
    const auto count = [&](std::string_view kind, std::string_view who) {
        return KindOfError([&] { CountAttempt(ctx, pool, {kind, 2}, who); });
    };
    EXPECT_EQ(count("a", "ada"), Error::kCount);
    Wait(std::chrono::minutes(59));
    EXPECT_EQ(count("a", "ada"), Error::kCount);
    EXPECT_EQ(count("a", "ada"), Error::kLimitExceeded);
    EXPECT_EQ(count("a", "bob"), Error::kCount);
    EXPECT_EQ(count("b", "ada"), Error::kCount);
    Wait(std::chrono::minutes(1));
    EXPECT_EQ(count("a", "ada"), Error::kCount);
}

// Guesses that are made at the same time count one by one.
TEST_F(Codes, CountAttemptsOfManyThreads) {
    std::atomic<int> permitted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
        threads.emplace_back([&] {
            for (int guess = 0; guess < 4; ++guess)
                if (KindOfError([&] { CountAttempt(ctx, pool, {"ConfirmSignUp", 15}, "ada"); }) == Error::kCount)
                    ++permitted;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(permitted, 15);
}

TEST_F(Codes, GoToTheNumberFirstAtSignUp) {
    Pool both = pool;
    both.auto_verified_attributes = {VerifiedAttribute::kEmail, VerifiedAttribute::kPhoneNumber};
    User user = ada;
    EXPECT_EQ(AttributeToVerify(both, user), "email");
    user.attributes["phone_number"] = "+15555550123";
    EXPECT_EQ(AttributeToVerify(both, user), "phone_number");
    EXPECT_EQ(AttributeToVerify(pool, user), "email");
    both.auto_verified_attributes.reset();
    EXPECT_EQ(AttributeToVerify(both, user), std::nullopt);
}

TEST_F(Codes, RecoverByWhatIsVerifiedInThePoolsOrder) {
    Pool ordered = pool;
    User user = ada;
    user.attributes["phone_number"] = "+15555550123";
    EXPECT_EQ(RecoveryAttribute(ordered, user), std::nullopt);
    user.attributes["email_verified"] = "true";
    EXPECT_EQ(RecoveryAttribute(ordered, user), "email");
    user.attributes["phone_number_verified"] = "true";
    EXPECT_EQ(RecoveryAttribute(ordered, user), "phone_number");
    ordered.account_recovery_setting = AccountRecoverySetting{std::vector<RecoveryOption>{
        {2, RecoveryOptionName::kVerifiedPhoneNumber}, {1, RecoveryOptionName::kVerifiedEmail}}};
    EXPECT_EQ(RecoveryAttribute(ordered, user), "email");
    EXPECT_FALSE(OnlyAdministratorsRecover(ordered));
    ordered.account_recovery_setting =
        AccountRecoverySetting{std::vector<RecoveryOption>{{1, RecoveryOptionName::kAdminOnly}}};
    EXPECT_EQ(RecoveryAttribute(ordered, user), std::nullopt);
    EXPECT_TRUE(OnlyAdministratorsRecover(ordered));
    user.attributes.erase("email");
    ordered.account_recovery_setting.reset();
    user.attributes["phone_number_verified"] = "false";
    EXPECT_EQ(RecoveryAttribute(ordered, user), std::nullopt);
}

TEST_F(Codes, AreSimulatedTheSameForTheSameName) {
    const PoolHandle other = MakePool(world, R"(, "AutoVerifiedAttributes": ["email"])");
    std::set<std::string> destinations;
    int differ = 0;
    for (int i = 0; i < 40; ++i) {
        const std::string name = "nobody" + std::to_string(i);
        const CodeDeliveryDetails details = SimulatedDelivery(ctx, pool, CodePurpose::kForgotPassword, name);
        EXPECT_EQ(details.destination, SimulatedDelivery(ctx, pool, CodePurpose::kForgotPassword, name).destination);
        EXPECT_EQ(details.attribute_name, "email");
        EXPECT_EQ(details.delivery_medium, DeliveryMedium::kEmail);
        destinations.insert(*details.destination);
        if (details.destination != SimulatedDelivery(ctx, other->value, CodePurpose::kForgotPassword, name).destination)
            ++differ;
    }
    EXPECT_GT(destinations.size(), 10u);
    EXPECT_GT(differ, 20);
}

TEST_F(Codes, ThatAreSimulatedTakeTheTimeOfAMessageAndSendNone) {
    const CodeDeliveryDetails details = SimulateCode(ctx, pool, CodePurpose::kForgotPassword, "nobody");
    EXPECT_TRUE(world.messages.sent.empty());
    ASSERT_EQ(world.messages.simulated.size(), 1u);
    EXPECT_EQ(world.messages.simulated[0].medium, details.delivery_medium);
    EXPECT_EQ(world.messages.simulated[0].pool_id, pool.id.Text());
}

TEST_F(Codes, AreSimulatedForAnAddressOrANumberAsItsOwnerWouldSee) {
    const auto simulate = [&](const Pool& at, CodePurpose purpose, std::string_view name) {
        const CodeDeliveryDetails details = SimulatedDelivery(ctx, at, purpose, name);
        EXPECT_TRUE(details.destination && details.attribute_name) << name;
        return *details.attribute_name + " " + *details.destination;
    };
    constexpr CodePurpose kForgot = CodePurpose::kForgotPassword, kSignUp = CodePurpose::kSignUp;
    constexpr std::string_view kAddress = "john@example.com", kNumber = "+15555559934";
    Pool by_mail = pool, by_phone = pool, both = pool;
    by_mail.auto_verified_attributes = {VerifiedAttribute::kEmail};
    by_phone.auto_verified_attributes = {VerifiedAttribute::kPhoneNumber};
    both.auto_verified_attributes = {VerifiedAttribute::kEmail, VerifiedAttribute::kPhoneNumber};
    for (const Pool* at : {&by_mail, &by_phone, &both}) {
        EXPECT_EQ(simulate(*at, kForgot, kAddress), "email j***@e***");
        EXPECT_EQ(simulate(*at, kForgot, kNumber), "phone_number +*******9934");
    }
    // A sign-up's code goes only to what the pool verifies by itself.
    EXPECT_EQ(simulate(both, kSignUp, kAddress), "email j***@e***");
    EXPECT_EQ(simulate(both, kSignUp, kNumber), "phone_number +*******9934");
    EXPECT_TRUE(simulate(by_mail, kSignUp, kNumber).starts_with("email "));
    EXPECT_TRUE(simulate(by_phone, kSignUp, kAddress).starts_with("phone_number +*******"));
    // And a recovery's only where the pool's settings send it.
    Pool by_phone_only = both;
    by_phone_only.account_recovery_setting =
        AccountRecoverySetting{std::vector<RecoveryOption>{{1, RecoveryOptionName::kVerifiedPhoneNumber}}};
    EXPECT_TRUE(simulate(by_phone_only, kForgot, kAddress).starts_with("phone_number +*******"));
    EXPECT_EQ(simulate(by_phone_only, kSignUp, kAddress), "email j***@e***");
    for (const std::string_view odd : {"", "@", "a@", "@b", "a@b@c", "+", "+12345x", "john", "\xc3\xa9"})
        for (const CodePurpose purpose : {kForgot, kSignUp}) {
            EXPECT_EQ(simulate(by_phone, purpose, odd).size(), std::string("phone_number +*******9934").size()) << odd;
            simulate(by_mail, purpose, odd);
        }
}

}  // namespace
}  // namespace cardea::test
