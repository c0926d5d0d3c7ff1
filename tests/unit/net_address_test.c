/* Which addresses no call from outside may reach. */
#include "net/client.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool inside(const char *written)
{
    uint8_t bytes[16];
    bool six = strchr(written, ':') != NULL;
    assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, written, bytes), 1);
    return hr_address_is_inside(bytes, six ? 16 : 4);
}

static void addresses_inside_are_known(void **state)
{
    (void)state;
    static const char *const written[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "2001:db8::1",
        "2001::1",
        "2001:10::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::",
        "100::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
    };
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        if (!inside(written[i])) {
            print_error("%s is taken for an outside address\n", written[i]);
        }
        assert_true(inside(written[i]));
    }
}

static void public_addresses_may_be_called(void **state)
{
    (void)state;
    static const char *const written[] = {
        "1.1.1.1",          "8.8.8.8",           "9.255.255.255",
        "11.0.0.0",         "100.63.255.255",    "100.128.0.0",
        "126.255.255.255",  "128.0.0.1",         "169.253.0.1",
        "172.15.255.255",   "172.32.0.0",        "192.167.1.1",
        "198.17.0.1",       "198.20.0.1",        "223.255.255.255",
        "2606:4700::1111",  "2a00:1450:4001::1", "::ffff:8.8.8.8",
        "64:ff9b::808:808", "2002:808:808::1",   "2001:4860:4860::8888",
        "2001:200::1",
    };
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        if (inside(written[i])) {
            print_error("%s is taken for an inside address\n", written[i]);
        }
        assert_false(inside(written[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_inside_are_known),
        cmocka_unit_test(public_addresses_may_be_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
