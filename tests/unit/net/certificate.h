#pragma once
// A temporary folder with a self-signed certificate for localhost and 127.0.0.1, made by the openssl command.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

#include "net/http_server.h"

namespace cardea {

class TestCertificate {
 public:
    TestCertificate() {
        char folder[] = "/tmp/cardea_net_XXXXXX";
        EXPECT_NE(mkdtemp(folder), nullptr);
        folder_ = folder;
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
            "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
            folder_ + "/key.pem -out " + folder_ + "/cert.pem 2>/dev/null";
        EXPECT_EQ(std::system(command.c_str()), 0);
    }
    ~TestCertificate() { std::filesystem::remove_all(folder_); }

    std::string File() const { return folder_ + "/cert.pem"; }
    TlsIdentity Identity() const { return {Read("/cert.pem"), Secret(Read("/key.pem"))}; }
    const std::string& Folder() const { return folder_; }

 private:
    std::string Read(const std::string& name) const {
        std::ostringstream out;
        out << std::ifstream(folder_ + name).rdbuf();
        return out.str();
    }
    std::string folder_;
};

inline const TestCertificate& SharedCertificate() {
    static const TestCertificate certificate;
    return certificate;
}

}  // namespace cardea
