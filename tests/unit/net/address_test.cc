// IP addresses and ranges, URLs.

#include <gtest/gtest.h>

#include "net/cidr.h"
#include "net/url.h"

namespace cardea {
namespace {

TEST(IpAddress, ReadsBothFamiliesAndNothingElse) {
    EXPECT_EQ(ToText(*ParseIpAddress("192.0.2.1")), "192.0.2.1");
    EXPECT_EQ(ToText(*ParseIpAddress("2001:DB8:0::1")), "2001:db8::1");
    EXPECT_EQ(ToText(*ParseIpAddress("::ffff:192.0.2.1")), "192.0.2.1");
    EXPECT_EQ(*ParseIpAddress("::ffff:c000:201"), *ParseIpAddress("192.0.2.1"));
    for (const char* text : {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "[::1]", "::1%lo",
                             "fe80::1%1", "x", "1.2.3.4:80", ":::", "0x7f.0.0.1"})
        EXPECT_FALSE(ParseIpAddress(text)) << text;
    EXPECT_FALSE(ParseIpAddress(std::string_view("1.2.3.4\0", 8)));
    EXPECT_FALSE(ParseIpAddress(std::string(1000, ':')));
}

TEST(Cidr, ContainsItsRange) {
    const auto ten = ParseCidr("10.0.0.0/8");
    ASSERT_TRUE(ten);
    EXPECT_TRUE(Contains(*ten, *ParseIpAddress("10.255.1.2")));
    EXPECT_FALSE(Contains(*ten, *ParseIpAddress("11.0.0.0")));
    const auto odd = ParseCidr("192.168.4.0/22");
    ASSERT_TRUE(odd);
    EXPECT_TRUE(Contains(*odd, *ParseIpAddress("192.168.7.255")));
    EXPECT_FALSE(Contains(*odd, *ParseIpAddress("192.168.8.0")));
    EXPECT_TRUE(Contains(*ParseCidr("0.0.0.0/0"), *ParseIpAddress("9.9.9.9")));
    EXPECT_FALSE(Contains(*ParseCidr("0.0.0.0/0"), *ParseIpAddress("2001:db8::1")));
    EXPECT_TRUE(Contains(*ParseCidr("2001:db8::/33"), *ParseIpAddress("2001:db8:7fff::1")));
    EXPECT_FALSE(Contains(*ParseCidr("2001:db8::/33"), *ParseIpAddress("2001:db8:8000::1")));
    EXPECT_TRUE(Contains(*ParseCidr("::1"), *ParseIpAddress("::1")));
    EXPECT_FALSE(Contains(*ParseCidr("::1"), *ParseIpAddress("::2")));
}

TEST(Cidr, RefusesWhatIsNoRange) {
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8", "::/129",
                             "2001:db8::1/64", "10.0.0.0/8/8", "10.0.0.0 /8"})
        EXPECT_FALSE(ParseCidr(text)) << text;
}

TEST(PublicAddress, ExcludesEverythingThatLeadsInside) {
    for (const char* text : {"127.0.0.1",
                             "127.8.8.8",
                             "10.1.1.1",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "0.0.0.0",
                             "100.64.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "198.18.0.1",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::7f00:1",
                             "2002:7f00:1::",
                             "2001::1",
                             "::127.0.0.1"})
        EXPECT_FALSE(IsPublicAddress(*ParseIpAddress(text))) << text;
    for (const char* text : {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"})
        EXPECT_TRUE(IsPublicAddress(*ParseIpAddress(text))) << text;
}

TEST(Url, IsSplitIntoItsParts) {
    const auto url = ParseUrl("HTTPS://Id.Example.com:8443/a/%7Eb?x=1&y=a%20b#part");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->https);
    EXPECT_EQ(url->host, "id.example.com");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->path, "/a/%7Eb");
    EXPECT_EQ(url->query, "x=1&y=a%20b");
    EXPECT_EQ(url->fragment, "part");
    EXPECT_EQ(ToOrigin(*url), "https://id.example.com:8443");
    EXPECT_EQ(ParseUrl("http://x")->path, "/");
    EXPECT_EQ(ParseUrl("http://x?q")->path, "/");
    EXPECT_EQ(ParseUrl("http://x?q")->query, "q");
    EXPECT_EQ(ParseUrl("http://x")->port, 80);
    EXPECT_EQ(ToOrigin(*ParseUrl("http://x:80/y")), "http://x");
    EXPECT_EQ(ParseUrl("https://[2001:DB8::1]:444/")->host, "2001:db8::1");
    EXPECT_EQ(ToOrigin(*ParseUrl("https://[::1]/")), "https://[::1]");
    EXPECT_EQ(ParseUrl("http://a/?u=http://b/")->host, "a");
    EXPECT_TRUE(ParseUrl("http://127.0.0.1/"));
    EXPECT_TRUE(ParseUrl("http://1.2.3.4.example/"));
}

TEST(Url, RefusesWhatParsersDisagreeOn) {
    for (const char* text : {"",
                             "x",
                             "//x/",
                             "/x",
                             "ftp://x/",
                             "javascript://x",
                             "http:/x",
                             "http:x",
                             "http://",
                             "http:///x",
                             "http://?x",
                             "http://a b/",
                             "http://a/ b",
                             "http://user@x/",
                             "http://user:secret@x/",
                             "http://x@y:80/",
                             "http://x:/",
                             "http://x:0/",
                             "http://x:65536/",
                             "http://x:+80/",
                             "http://x:080000/",
                             "http://x:8 0/",
                             "http://x\\y/",
                             "http://x/\\y",
                             "http://x/\r\n",
                             "http://x/\x7f",
                             "http://x/%",
                             "http://x/%4",
                             "http://x/%4g",
                             "http://x/caf\xc3\xa9",
                             "http://caf\xc3\xa9/",
                             "http://a..b/",
                             "http://.a/",
                             "http://-a/",
                             "http://[::1/",
                             "http://[::1]x/",
                             "http://[1.2.3.4]/",
                             "http://[]/",
                             "http://127.1/",
                             "http://2130706433/",
                             "http://0x7f000001/",
                             "http://1.2.3.0x4/",
                             "http://x/<y>",
                             "http://x/\"",
                             " http://x/",
                             "http://x#a#b",
                             "http://a%2eb/"})
        EXPECT_FALSE(ParseUrl(text)) << text;
    EXPECT_FALSE(ParseUrl(std::string_view("http://x/\0", 10)));
    EXPECT_FALSE(ParseUrl("http://x/" + std::string(10'000, 'a')));
}

}  // namespace
}  // namespace cardea
