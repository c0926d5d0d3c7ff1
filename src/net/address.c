/* Which addresses lie inside: where a call for somebody else must never go. Everything that is not plainly a public
 * unicast address is inside. Source: IANA special-purpose registries (RFC 6890), RFC 4193, 4291, 6052, 3056, 4380. */
#include "net/client.h"

#include <string.h>

struct block {
    uint8_t prefix[4];
    uint8_t bits;
};

static const struct block inside_four[] = {
    {{0, 0, 0, 0}, 8},       /* this network */
    {{10, 0, 0, 0}, 8},      /* private */
    {{100, 64, 0, 0}, 10},   /* carrier (CGNAT) */
    {{127, 0, 0, 0}, 8},     /* loopback */
    {{169, 254, 0, 0}, 16},  /* link-local; cloud metadata */
    {{172, 16, 0, 0}, 12},   /* private */
    {{192, 0, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2, 0}, 24},    /* documentation */
    {{192, 31, 196, 0}, 24}, /* AS112 */
    {{192, 52, 193, 0}, 24}, /* AMT */
    {{192, 88, 99, 0}, 24},  /* 6to4 relays */
    {{192, 168, 0, 0}, 16},  /* private */
    {{198, 18, 0, 0}, 15},   /* benchmarks */
    {{198, 51, 100, 0}, 24}, /* documentation */
    {{203, 0, 113, 0}, 24},  /* documentation */
    {{224, 0, 0, 0}, 3},     /* multicast, reserved, broadcast */
};

static bool four_is_inside(const uint8_t *address)
{
    uint32_t number = (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 |
                      (uint32_t)address[2] << 8 | address[3];
    for (size_t i = 0; i < sizeof inside_four / sizeof *inside_four; i++) {
        const uint8_t *prefix = inside_four[i].prefix;
        uint32_t start = (uint32_t)prefix[0] << 24 | (uint32_t)prefix[1] << 16 |
                         (uint32_t)prefix[2] << 8 | prefix[3];
        if ((number ^ start) >> (32 - inside_four[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins(const uint8_t *address, const char *bytes, size_t size)
{
    return memcmp(address, bytes, size) == 0;
}

const uint8_t *hr_address_within(const uint8_t *address)
{
    if (begins(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) ||   /* mapped */
        begins(address, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12)) { /* NAT64 */
        return address + 12;
    }
    return begins(address, "\x20\x02", 2) ? address + 2 : NULL; /* 6to4 */
}

static bool six_is_inside(const uint8_t *address)
{
    const uint8_t *four = hr_address_within(address);
    if (four != NULL) {
        return four_is_inside(four);
    }
    if ((address[0] & 0xe0) != 0x20) {
        return true; /* public unicast is 2000::/3: leaves out ::, ::1, fc00::/7, fe80::/10, ff00::/8, 64:ff9b:1:: */
    }
    return begins(address, "\x20\x01\x0d\xb8", 4) || /* documentation */
           (begins(address, "\x20\x01", 2) &&
            (address[2] & 0xfe) == 0) || /* 2001::/23: Teredo, ORCHID */
           (begins(address, "\x3f\xff", 2) && (address[2] & 0xf0) == 0); /* documentation */
}

bool hr_address_is_inside(const uint8_t *address, size_t size)
{
    hr_assert(size == 4 || size == 16);
    return size == 4 ? four_is_inside(address) : six_is_inside(address);
}
