#include <CLI/CLI.hpp>
#include <cstdio>

#include "api/reference.h"
#include "app/cli/commands.h"
#include "app/config.h"

namespace cardea {
namespace {

// What operators' commands are told; it outlives them.
struct OperatorsWords {
    std::string file, copy, url = "http://127.0.0.1:9229";
};

void AddOperatorsCommands(CLI::App& app, OperatorsWords& words, int& status) {
    auto* admin = app.add_subcommand("admin", "Administer a running or stopped server");
    admin->require_subcommand(1);
    auto* create =
        admin->add_subcommand("create-access-key", "Make an access key of the account's root and print it once");
    create->add_option("--config", words.file, "The server's configuration file")->required();
    create->callback([&words, &status] { status = CreateAccessKeyCommand(words.file); });

    auto* renew = admin->add_subcommand("new-epoch", "End all refresh tokens, after a backup was restored");
    renew->add_option("--config", words.file, "The server's configuration file")->required();
    renew->callback([&words, &status] { status = RenewEpochCommand(words.file); });

    auto* backup = app.add_subcommand("backup", "Copy the database of a running or stopped server");
    backup->add_option("file", words.copy, "The file to make: it must not be there")->required();
    backup->add_option("--config", words.file, "The server's configuration file")->required();
    backup->callback([&words, &status] { status = BackUpCommand(words.file, words.copy); });

    auto* health = app.add_subcommand("healthcheck", "Exit with 0 where a server is ready");
    health->add_option("--url", words.url, "The server (default http://127.0.0.1:9229)");
    health->callback([&words, &status] { status = CheckHealth(words.url); });
}

}  // namespace
}  // namespace cardea

int main(int argc, char** argv) {
    using namespace cardea;
    CLI::App app{"Cardea: Amazon Cognito that anyone can run."};
    app.set_version_flag("--version", "cardea " CARDEA_VERSION);
    app.require_subcommand(1);
    int status = 0;

    DevFlags dev_flags;
    auto* dev =
        app.add_subcommand("dev", "Run on this machine for development: any credentials, messages in an outbox");
    dev->add_option("--port", dev_flags.port, "http on this port, https on the next (default 9229; 0: free ones)");
    dev->add_option("--data", dev_flags.data, "The folder to live in (default: a temporary one)");
    dev->add_option("--seed", dev_flags.seed, "A TOML file of pools, clients and users with fixed ids");
    dev->add_option("--bind", dev_flags.bind, "The address to listen on (default 127.0.0.1)");
    dev->add_option("--public-url", dev_flags.public_url, "How clients reach it, for issuers");
    dev->add_option("--functions", dev_flags.functions, "A folder of Lambda functions");
    dev->callback([&] { status = RunDev(dev_flags); });

    OperatorsWords words;
    std::string& file = words.file;
    auto* serve = app.add_subcommand("serve", "Run in production");
    serve->add_option("--config", file, "The configuration file")->required();
    serve->callback([&] { status = RunServe(file); });

    bool for_dev = false;
    const auto mode = [&] { return for_dev ? Mode::kDev : Mode::kServe; };
    auto* check = app.add_subcommand("check-config", "Say what is wrong with a configuration");
    check->add_option("--config", file, "The configuration file");
    check->add_flag("--dev", for_dev, "For `cardea dev`");
    check->callback([&] { status = CheckConfig(mode(), file); });
    auto* print = app.add_subcommand("print-config", "Print the configuration in effect and where each value is from");
    print->add_option("--config", file, "The configuration file");
    print->add_flag("--dev", for_dev, "For `cardea dev`");
    print->callback([&] { status = ShowConfig(mode(), file); });

    AddOperatorsCommands(app, words, status);

    app.add_subcommand("reference", "Print docs/reference/user-pools.md")->callback([] {
        std::fputs(DescribeUserPoolOperations().c_str(), stdout);
    });
    app.add_subcommand("describe-config", "Print docs/configuration.md")->callback([] {
        std::fputs(DescribeConfig().c_str(), stdout);
    });

    for (const char* name : {"keys", "import", "export"})
        app.add_subcommand(name, "Not in this build yet")->callback([&status, name] {
            std::fprintf(stderr,
                         "cardea: this build does not have `cardea %s` yet; docs/compatibility.md lists what it has\n",
                         name);
            status = 2;
        });

    CLI11_PARSE(app, argc, argv);
    return status;
}
