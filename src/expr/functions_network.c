/* expr/functions_network: CEL's network extension: IP addresses and networks, bytes of a form of their own
 * (data/value.h). Strict as Go's net/netip: no leading zeros, no zones, no dotted IPv4 inside IPv6. */
#include "expr/program.h"

#include <string.h>

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

enum { ADDRESS_SIZE = HR_ADDRESS_SIZE, FAMILY = 0, PREFIX = 1, BYTES = 2, NO_PREFIX = 255 };

struct address {
    uint8_t data[ADDRESS_SIZE];
};

static const char no_address[] = "this text is no IP address";
static const char no_network[] = "this text is no network like 10.0.0.0/8";
static const char has_zone[] = "an address with a zone is not allowed";
static const char is_mapped[] = "an IPv4 address inside an IPv6 address is not allowed";

/* ---- reading ---------------------------------------------------------------------------------- */

/* A number without leading zeros, at most `most`. */
static bool read_number(struct hr_text text, uint32_t most, uint8_t *ret_number)
{
    uint32_t number = 0;
    if (text.size == 0 || text.size > 3 || (text.size > 1 && text.data[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    }
    *ret_number = (uint8_t)number;
    return number <= most;
}

static bool read_v4(struct hr_text text, uint8_t *bytes)
{
    for (size_t i = 0; i < 4; i++) {
        bool dot = hr_text_find(text, '.') < text.size;
        if (dot != (i < 3) || !read_number(hr_text_cut(&text, '.'), 255, &bytes[i])) {
            return false;
        }
    }
    return true;
}

static bool read_group(struct hr_text text, uint8_t *bytes)
{
    uint32_t group = 0;
    if (text.size == 0 || text.size > 4) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        int digit = hr_hex_digit(text.data[i]);
        if (digit < 0) {
            return false;
        }
        group = group * 16 + (uint32_t)digit;
    }
    bytes[0] = (uint8_t)(group >> 8);
    bytes[1] = (uint8_t)group;
    return true;
}

/* Groups between colons into bytes, at most so many bytes; the last may be a dotted IPv4 address.
 * Answers how many bytes, SIZE_MAX when they are none. */
static size_t read_groups(struct hr_text text, uint8_t *bytes, size_t most)
{
    size_t count = 0;
    bool more = text.size > 0;
    while (more) {
        more = hr_text_find(text, ':') < text.size;
        struct hr_text part = hr_text_cut(&text, ':');
        bool dotted = !more && hr_text_find(part, '.') < part.size;
        size_t size = dotted ? 4 : 2;
        if (count + size > most ||
            !(dotted ? read_v4(part, bytes + count) : read_group(part, bytes + count))) {
            return SIZE_MAX;
        }
        count += size;
    }
    return count;
}

static bool read_v6(struct hr_text text, uint8_t *bytes)
{
    size_t gap = hr_text_search(text, HR_TEXT("::"));
    memset(bytes, 0, 16);
    if (gap == text.size) {
        return read_groups(text, bytes, 16) == 16;
    }
    uint8_t tail[16] = {0};
    size_t before = read_groups(hr_text_slice(text, 0, gap), bytes, 14);
    size_t after = read_groups(hr_text_slice(text, gap + 2, text.size), tail, 14);
    bool dotted_before = hr_text_find(hr_text_slice(text, 0, gap), '.') < gap;
    if (before == SIZE_MAX || after == SIZE_MAX || before + after > 14 || dotted_before) {
        return false;
    }
    memcpy(bytes + 16 - after, tail, after);
    return true;
}

static bool is_v4_in_v6(const uint8_t *bytes)
{
    static const uint8_t head[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(bytes, head, sizeof(head)) == 0;
}

static bool read_address(struct hr_text text, struct address *address, const char **ret_problem)
{
    memset(address, 0, sizeof(*address));
    address->data[PREFIX] = NO_PREFIX;
    *ret_problem = no_address;
    if (hr_text_find(text, '%') < text.size) {
        *ret_problem = has_zone;
        return false;
    }
    if (hr_text_find(text, ':') == text.size) {
        address->data[FAMILY] = 4;
        return read_v4(text, address->data + BYTES);
    }
    address->data[FAMILY] = 6;
    if (!read_v6(text, address->data + BYTES)) {
        return false;
    }
    if (is_v4_in_v6(address->data + BYTES)) {
        if (hr_text_find(text, '.') < text.size) {
            *ret_problem = is_mapped;
            return false;
        }
        memmove(address->data + BYTES, address->data + BYTES + 12, 4);
        memset(address->data + BYTES + 4, 0, 12);
        address->data[FAMILY] = 4;
    }
    return true;
}

static bool make_value(struct hr_arena *into, const struct address *address, enum hr_type type,
                       struct hr_value *ret_value)
{
    struct hr_text bytes =
        hr_text_copy(into, (struct hr_text){(const char *)address->data, ADDRESS_SIZE});
    *ret_value = hr_expr_bytes_of(bytes);
    ret_value->form = type == HR_TYPE_ip ? HR_BYTES_address : HR_BYTES_network;
    return bytes.data != NULL;
}

bool hr_expr_read_ip(struct hr_text text, struct hr_arena *into, struct hr_value *ret_ip,
                     const char **ret_problem)
{
    struct address address;
    if (!read_address(text, &address, ret_problem)) {
        return false;
    }
    *ret_problem = NULL; /* only for want of memory */
    return make_value(into, &address, HR_TYPE_ip, ret_ip);
}

static bool read_network(struct hr_text text, struct address *address, const char **ret_problem)
{
    size_t slash = hr_text_find(text, '/');
    *ret_problem = no_network;
    if (slash == text.size) {
        return false;
    }
    if (!read_address(hr_text_slice(text, 0, slash), address, ret_problem)) {
        *ret_problem = *ret_problem == no_address ? no_network : *ret_problem;
        return false;
    }
    *ret_problem = no_network;
    return read_number(hr_text_slice(text, slash + 1, text.size),
                       address->data[FAMILY] == 4 ? 32 : 128, &address->data[PREFIX]);
}

bool hr_expr_read_cidr(struct hr_text text, struct hr_arena *into, struct hr_value *ret_cidr,
                       const char **ret_problem)
{
    struct address address;
    if (!read_network(text, &address, ret_problem)) {
        return false;
    }
    *ret_problem = NULL;
    return make_value(into, &address, HR_TYPE_cidr, ret_cidr);
}

/* ---- functions -------------------------------------------------------------------------------- */

static const uint8_t *data_of(const struct hr_value *value)
{
    return (const uint8_t *)value->text;
}

static int32_t done_or_failed(struct hr_expr_run *run, const struct hr_expr_node *node, bool done,
                              const char *problem)
{
    if (done) {
        run->bytes_left -= run->bytes_left >= ADDRESS_SIZE ? ADDRESS_SIZE : run->bytes_left;
        return run->bytes_left > 0 ? 0 : HR_EXPR_BUDGET;
    }
    return problem == NULL ? HR_E_MEMORY : hr_expr_fail(run, node, problem);
}

APPLY(apply_ip)
{
    const char *problem = NULL;
    bool done = hr_expr_read_ip(hr_value_as_text(&args[0]), run->arena, ret_value, &problem);
    return done_or_failed(run, node, done, problem);
}

APPLY(apply_cidr)
{
    const char *problem = NULL;
    bool done = hr_expr_read_cidr(hr_value_as_text(&args[0]), run->arena, ret_value, &problem);
    return done_or_failed(run, node, done, problem);
}

APPLY(apply_is_ip)
{
    (void)run;
    (void)node;
    struct address address;
    const char *problem = NULL;
    *ret_value = hr_value_bool(read_address(hr_value_as_text(&args[0]), &address, &problem));
    return 0;
}

APPLY(apply_is_cidr)
{
    (void)run;
    (void)node;
    struct address address;
    const char *problem = NULL;
    *ret_value = hr_value_bool(read_network(hr_value_as_text(&args[0]), &address, &problem));
    return 0;
}

APPLY(apply_is_canonical)
{
    struct hr_value ip;
    struct hr_buffer out;
    const char *problem = NULL;
    bool done = hr_expr_read_ip(hr_value_as_text(&args[0]), run->arena, &ip, &problem);
    if (!done) {
        return done_or_failed(run, node, false, problem);
    }
    hr_expr_buffer_init(run, &out);
    hr_value_write_word(&out, &ip);
    *ret_value = hr_value_bool(!out.failed &&
                               hr_text_equal(hr_buffer_text(&out), hr_value_as_text(&args[0])));
    return hr_expr_buffer_outcome(&out);
}

APPLY(apply_family)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_int(data_of(&args[0])[FAMILY]);
    return 0;
}

APPLY(apply_prefix_length)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_int(data_of(&args[0])[PREFIX]);
    return 0;
}

static bool is_all(const uint8_t *bytes, size_t count, uint8_t byte)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != byte) {
            return false;
        }
    }
    return true;
}

static bool is_unspecified(const uint8_t *data)
{
    return is_all(data + BYTES, 16, 0);
}

static bool is_loopback(const uint8_t *data)
{
    const uint8_t *bytes = data + BYTES;
    return data[FAMILY] == 4 ? bytes[0] == 127 : is_all(bytes, 15, 0) && bytes[15] == 1;
}

static bool is_multicast(const uint8_t *data)
{
    const uint8_t *bytes = data + BYTES;
    return data[FAMILY] == 4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

static bool is_local_multicast(const uint8_t *data)
{
    const uint8_t *bytes = data + BYTES;
    return data[FAMILY] == 4 ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0
                             : bytes[0] == 0xff && (bytes[1] & 0x0f) == 2;
}

static bool is_local_unicast(const uint8_t *data)
{
    const uint8_t *bytes = data + BYTES;
    return data[FAMILY] == 4 ? bytes[0] == 169 && bytes[1] == 254
                             : bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

static bool is_global_unicast(const uint8_t *data)
{
    bool broadcast = data[FAMILY] == 4 && is_all(data + BYTES, 4, 255);
    return !broadcast && !is_unspecified(data) && !is_loopback(data) && !is_multicast(data) &&
           !is_local_unicast(data);
}

static const struct {
    const char *name;
    bool (*is)(const uint8_t *data);
} questions[] = {
    {"isUnspecified", is_unspecified},        {"isLoopback", is_loopback},
    {"isGlobalUnicast", is_global_unicast},   {"isLinkLocalMulticast", is_local_multicast},
    {"isLinkLocalUnicast", is_local_unicast},
};

APPLY(apply_question)
{
    (void)run;
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        if (hr_text_equal(node->text, hr_text_from(questions[i].name))) {
            *ret_value = hr_value_bool(questions[i].is(data_of(&args[0])));
            return 0;
        }
    }
    hr_assert_failed("every question about an address has a row here", __FILE__, __LINE__);
}

/* True if the first bits of two addresses are the same. */
static bool same_bits(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    uint32_t whole = bits / 8;
    uint32_t mask = (0xff00U >> (bits % 8)) & 0xff;
    return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || (a[whole] & mask) == (b[whole] & mask));
}

static bool holds(const uint8_t *network, const uint8_t *other)
{
    return network[FAMILY] == other[FAMILY] &&
           (other[PREFIX] == NO_PREFIX || other[PREFIX] >= network[PREFIX]) &&
           same_bits(network + BYTES, other + BYTES, network[PREFIX]);
}

APPLY(apply_contains)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(holds(data_of(&args[0]), data_of(&args[1])));
    return 0;
}

APPLY(apply_contains_text)
{
    struct address address;
    const char *problem = NULL;
    struct hr_text text = hr_value_as_text(&args[1]);
    bool network = node->text.data[node->text.size - 1] == 'R'; /* containsCIDR */
    if (!(network ? read_network(text, &address, &problem)
                  : read_address(text, &address, &problem))) {
        return hr_expr_fail(run, node, problem);
    }
    *ret_value = hr_value_bool(holds(data_of(&args[0]), address.data));
    return 0;
}

APPLY(apply_ip_of_cidr)
{
    struct address address;
    memcpy(address.data, args[0].text, ADDRESS_SIZE);
    address.data[PREFIX] = NO_PREFIX;
    return done_or_failed(run, node, make_value(run->arena, &address, HR_TYPE_ip, ret_value), NULL);
}

APPLY(apply_masked)
{
    struct address address;
    memcpy(address.data, args[0].text, ADDRESS_SIZE);
    for (uint32_t bit = address.data[PREFIX]; bit < 128; bit++) {
        address.data[BYTES + bit / 8] &= (uint8_t) ~(0x80U >> (bit % 8));
    }
    return done_or_failed(run, node, make_value(run->arena, &address, HR_TYPE_cidr, ret_value),
                          NULL);
}

#define TEXT HR_TYPE_text
#define BOOL HR_TYPE_bool
#define IP   HR_TYPE_ip
#define CIDR HR_TYPE_cidr
#define GLOBAL(name, arg, result, flags, apply)                                                    \
    {                                                                                              \
        name, HR_STYLE_global, 1, {arg}, result, flags, apply                                      \
    }
#define MEMBER(name, arg, result, apply)                                                           \
    {                                                                                              \
        name, HR_STYLE_member, 1, {arg}, result, 0, apply                                          \
    }
#define CONTAINS(name, other, apply)                                                               \
    {                                                                                              \
        name, HR_STYLE_member, 2, {CIDR, other}, BOOL, 0, apply                                    \
    }

static const struct hr_expr_overload rows[] = {
    GLOBAL("ip", TEXT, IP, HR_OVERLOAD_must_work, apply_ip),
    GLOBAL("cidr", TEXT, CIDR, HR_OVERLOAD_must_work, apply_cidr),
    GLOBAL("isIP", TEXT, BOOL, 0, apply_is_ip),
    GLOBAL("isCIDR", TEXT, BOOL, 0, apply_is_cidr),
    GLOBAL("ip.isCanonical", TEXT, BOOL, 0, apply_is_canonical),
    MEMBER("ip", CIDR, IP, apply_ip_of_cidr),
    MEMBER("masked", CIDR, CIDR, apply_masked),
    MEMBER("prefixLength", CIDR, HR_TYPE_int, apply_prefix_length),
    CONTAINS("containsIP", IP, apply_contains),
    CONTAINS("containsIP", TEXT, apply_contains_text),
    CONTAINS("containsCIDR", CIDR, apply_contains),
    CONTAINS("containsCIDR", TEXT, apply_contains_text),
    MEMBER("family", IP, HR_TYPE_int, apply_family),
    MEMBER("isUnspecified", IP, BOOL, apply_question),
    MEMBER("isLoopback", IP, BOOL, apply_question),
    MEMBER("isGlobalUnicast", IP, BOOL, apply_question),
    MEMBER("isLinkLocalMulticast", IP, BOOL, apply_question),
    MEMBER("isLinkLocalUnicast", IP, BOOL, apply_question),
};

const struct hr_expr_table hr_expr_networks = {rows, sizeof(rows) / sizeof(rows[0])};
