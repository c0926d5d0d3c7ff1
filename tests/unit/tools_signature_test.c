/* Signatures: public vectors, our own both ways, and everything that has to do nothing. */
#include "data/time.h"
#include "tools/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADERS_MAX = 8 };
static const hr_instant now = INT64_C(1614265330) * 1000000;
static struct hr_arena arena;

/* The headers of one message; a name that stands twice came twice. */
struct headers {
    struct hr_signed_header items[HEADERS_MAX];
    size_t count;
};

static struct hr_text header_of(void *context, struct hr_text name, bool *ret_twice)
{
    const struct headers *headers = context;
    struct hr_text value = HR_TEXT_NONE;
    *ret_twice = false;
    for (size_t i = 0; i < headers->count; i++) {
        struct hr_text written = headers->items[i].name;
        bool same =
            written.size == name.size && strncasecmp(written.data, name.data, name.size) == 0;
        *ret_twice |= same && value.data != NULL;
        value = same ? headers->items[i].value : value;
    }
    return *ret_twice ? HR_TEXT_NONE : value;
}

static struct hr_signer *signer_of(struct hr_signature_options options)
{
    struct hr_signer *signer = NULL;
    assert_true(hr_ok(hr_signer_create(&options, &signer)));
    return signer;
}

static const struct hr_signature_options standard = {
    .scheme = HR_SCHEME_standard_webhooks,
    .secrets = {{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 38}}};
static const struct hr_signature_options stripe = {.scheme = HR_SCHEME_stripe,
                                                   .secrets = {{"whsec_test_secret", 17}}};
static const struct hr_signature_options plain = {.scheme = HR_SCHEME_hmac_sha256,
                                                  .header = {"X-Hub-Signature-256", 19},
                                                  .prefix = {"sha256=", 7},
                                                  .secrets = {{"It's a Secret to Everybody", 26}}};
static const struct hr_text body = {"{\"test\": 2432232314}", 20};

static enum hr_signature verify_at(const struct hr_signature_options *options,
                                   struct headers *headers, struct hr_text bytes, hr_instant at)
{
    struct hr_signer *signer = signer_of(*options);
    enum hr_signature outcome = hr_signer_verify(signer, header_of, headers, bytes, at, NULL);
    hr_signer_free(signer);
    return outcome;
}

static struct headers sign(const struct hr_signature_options *options, struct hr_text bytes)
{
    struct hr_signer *signer = signer_of(*options);
    struct headers headers = {0};
    assert_true(hr_ok(hr_signer_sign(signer, HR_TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek"), now, bytes,
                                     &arena, headers.items, &headers.count)));
    hr_signer_free(signer);
    return headers;
}

/* ---- known answers ---- */

static void the_published_vectors_are_made_and_verified(void **state)
{
    (void)state;
    struct headers headers = sign(&standard, body);
    assert_int_equal(headers.count, 3);
    assert_true(hr_text_equal(headers.items[0].value, HR_TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek")));
    assert_true(hr_text_equal(headers.items[1].value, HR_TEXT("1614265330")));
    assert_true(hr_text_equal(headers.items[2].value,
                              HR_TEXT("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
    headers = sign(&plain, HR_TEXT("Hello, World!")); /* the example in GitHub's documentation */
    assert_true(hr_text_equal(
        headers.items[0].value,
        HR_TEXT("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")));
}

static struct hr_text read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return HR_TEXT_NONE;
    }
    char *bytes = hr_arena_alloc(&arena, 1 << 20);
    hr_assert(bytes != NULL);
    size_t size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return (struct hr_text){bytes, size};
}

static struct hr_text member(const struct hr_value *map, const char *name)
{
    const struct hr_value *value = hr_value_member(map, hr_text_from(name));
    return value != NULL ? hr_value_as_text(value) : HR_TEXT_NONE;
}

static enum hr_signature play_case(const struct hr_value *test)
{
    struct hr_signature_options options = {.scheme = HR_SCHEME_standard_webhooks};
    struct headers headers = {0};
    struct hr_signer *signer = NULL;
    const struct hr_value *written = hr_value_member(test, HR_TEXT("headers"));
    for (uint32_t i = 0; i < written->count; i++) {
        headers.items[headers.count++] =
            (struct hr_signed_header){hr_value_as_text(&written->members[i].key),
                                      hr_value_as_text(&written->members[i].value)};
    }
    options.secrets[0] = member(test, "secret");
    if (!hr_ok(hr_signer_create(&options, &signer))) {
        return HR_SIGNATURE_mismatch;
    }
    hr_instant at = hr_value_member(test, HR_TEXT("now"))->integer * HR_SECOND_US;
    enum hr_signature outcome =
        hr_signer_verify(signer, header_of, &headers, member(test, "payload"), at, NULL);
    hr_signer_free(signer);
    return outcome;
}

static void the_corpus_of_standard_webhooks_holds(void **state)
{
    (void)state;
    const char *folder = getenv("HANDRAIL_CORPORA");
    struct hr_text path = hr_text_format(&arena, "%s/14-standard-webhooks/vectors.json",
                                         folder != NULL ? folder : "../shared/corpora");
    struct hr_text bytes = read_file(path.data);
    struct hr_value corpus;
    if (bytes.data == NULL) {
        print_message("SKIP corpus 14-standard-webhooks: not found\n");
        skip();
    }
    assert_true(hr_ok(hr_json_read(&arena, bytes, &(struct hr_json_options){0}, NULL, &corpus)));
    const struct hr_value *cases = hr_value_member(&corpus, HR_TEXT("cases"));
    assert_true(cases->count >= 17);
    for (uint32_t i = 0; i < cases->count; i++) {
        bool valid = hr_value_member(&cases->items[i], HR_TEXT("valid"))->truth;
        enum hr_signature outcome = play_case(&cases->items[i]);
        if ((outcome == HR_SIGNATURE_ok) != valid) {
            print_error("%.*s: outcome %d\n", HR_SHOW(member(&cases->items[i], "name")), outcome);
        }
        assert_int_equal(outcome == HR_SIGNATURE_ok, valid);
    }
}

/* ---- every scheme, both ways ---- */

static void what_is_signed_verifies_and_nothing_else_does(void **state)
{
    (void)state;
    struct hr_signature_options base64 = plain;
    base64.encoding = HR_ENCODING_base64;
    base64.prefix = HR_TEXT("");
    const struct hr_signature_options schemes[] = {standard, stripe, plain, base64};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct headers headers = sign(&schemes[i], body);
        assert_int_equal(verify_at(&schemes[i], &headers, body, now), HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&schemes[i], &headers, HR_TEXT("{\"test\":2432232314}"), now),
                         HR_SIGNATURE_mismatch);
        assert_int_equal(verify_at(&schemes[i], &headers, HR_TEXT(""), now), HR_SIGNATURE_mismatch);
        struct hr_signature_options other = schemes[i];
        other.secrets[0] = HR_TEXT("another secret, quite long");
        assert_int_equal(verify_at(&other, &headers, body, now), HR_SIGNATURE_mismatch);
        struct headers none = {0};
        assert_int_equal(verify_at(&schemes[i], &none, body, now), HR_SIGNATURE_missing);
        headers.items[headers.count] = headers.items[headers.count - 1];
        headers.count++;
        assert_int_equal(verify_at(&schemes[i], &headers, body, now),
                         HR_SIGNATURE_malformed); /* came twice */
    }
}

static void every_changed_bit_of_a_signature_is_noticed(void **state)
{
    (void)state;
    struct headers headers = sign(&plain, body);
    for (size_t i = 7; i < headers.items[0].value.size; i++) {
        char changed[80];
        memcpy(changed, headers.items[0].value.data, headers.items[0].value.size);
        changed[i] = changed[i] == '0' ? '1' : '0';
        struct headers wrong = headers;
        wrong.items[0].value.data = changed;
        assert_int_equal(verify_at(&plain, &wrong, body, now), HR_SIGNATURE_mismatch);
    }
}

static void time_has_two_edges(void **state)
{
    (void)state;
    const struct hr_signature_options schemes[] = {standard, stripe};
    for (size_t i = 0; i < 2; i++) {
        struct headers headers = sign(&schemes[i], body);
        assert_int_equal(verify_at(&schemes[i], &headers, body, now + 300 * HR_SECOND_US),
                         HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&schemes[i], &headers, body, now + 301 * HR_SECOND_US),
                         HR_SIGNATURE_too_old);
        assert_int_equal(verify_at(&schemes[i], &headers, body, now - 300 * HR_SECOND_US),
                         HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&schemes[i], &headers, body, now - 301 * HR_SECOND_US),
                         HR_SIGNATURE_in_future);
        struct hr_signature_options strict = schemes[i];
        strict.tolerance_us = HR_SECOND_US;
        assert_int_equal(verify_at(&strict, &headers, body, now + 2 * HR_SECOND_US),
                         HR_SIGNATURE_too_old);
    }
    struct headers headers = sign(&plain, body); /* says no time, so it has no age */
    assert_int_equal(verify_at(&plain, &headers, body, now + 365 * HR_DAY_US), HR_SIGNATURE_ok);
}

static void while_a_secret_changes_both_verify_and_the_new_one_signs(void **state)
{
    (void)state;
    const struct hr_signature_options schemes[] = {standard, stripe, plain};
    for (size_t i = 0; i < 3; i++) {
        struct hr_signature_options old_one = schemes[i];
        struct hr_signature_options new_one = schemes[i];
        struct hr_signature_options both = schemes[i];
        new_one.secrets[0] = HR_TEXT("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        both.secrets[0] = new_one.secrets[0];
        both.secrets[1] = old_one.secrets[0];
        struct headers by_old = sign(&old_one, body);
        struct headers by_new = sign(&new_one, body);
        struct headers by_both = sign(&both, body);
        assert_int_equal(verify_at(&both, &by_old, body, now), HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&both, &by_new, body, now), HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&new_one, &by_both, body, now), HR_SIGNATURE_ok);
        assert_int_equal(verify_at(&old_one, &by_both, body, now), HR_SIGNATURE_mismatch);
    }
}

static void headers_of_other_forms_are_named_for_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const struct hr_signature_options *scheme;
        const char *value; /* of the signature header */
        const char *time;
        enum hr_signature expected;
    } cases[] = {
        {&standard,
         "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/"
         "enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
         "1614265330", HR_SIGNATURE_unsupported},
        {&standard, "v1,", "1614265330", HR_SIGNATURE_malformed},
        {&standard, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "1614265330",
         HR_SIGNATURE_malformed},
        {&standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "", HR_SIGNATURE_malformed},
        {&standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "-1",
         HR_SIGNATURE_malformed},
        {&standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "1614265330.0",
         HR_SIGNATURE_malformed},
        {&standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "99999999999999999999",
         HR_SIGNATURE_malformed},
        {&stripe,
         "t=1614265330,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39", "",
         HR_SIGNATURE_unsupported},
        {&stripe, "v1=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39", "",
         HR_SIGNATURE_malformed},
        {&stripe, "t=1614265330", "", HR_SIGNATURE_malformed},
        {&stripe,
         "t=1614265330,t=1614265331,v1="
         "6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39",
         "", HR_SIGNATURE_malformed},
        {&stripe, "t=1614265330,v1=6ffb", "", HR_SIGNATURE_malformed},
        {&plain, "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "",
         HR_SIGNATURE_malformed},
        {&plain, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "",
         HR_SIGNATURE_malformed},
        {&plain, "sha256=", "", HR_SIGNATURE_malformed},
        {&plain, "", "", HR_SIGNATURE_malformed},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct headers headers = sign(cases[i].scheme, body);
        headers.items[headers.count - 1].value = hr_text_from(cases[i].value);
        if (headers.count == 3) {
            headers.items[1].value = hr_text_from(cases[i].time);
        }
        enum hr_signature outcome = verify_at(cases[i].scheme, &headers, body, now);
        if (outcome != cases[i].expected) {
            print_error("case %zu: %d\n", i, outcome);
        }
        assert_int_equal(outcome, cases[i].expected);
        assert_int_equal(hr_code_info(hr_signature_code(outcome))->http_status, 401);
    }
}

static void a_secret_that_cannot_be_one_makes_no_signer(void **state)
{
    (void)state;
    struct hr_signature_options options[] = {standard, standard, standard, standard,
                                             stripe,   plain,    plain,    plain};
    char long_secret[300];
    memset(long_secret, 's', sizeof long_secret);
    options[0].secrets[0] = HR_TEXT("");
    options[1].secrets[0] = HR_TEXT("whsec_");
    options[2].secrets[0] = HR_TEXT("whsec_not base64!");
    options[3].secrets[0] = HR_TEXT("whpk_QqVDO9sAnNhJRpyLzEcBhVpDvWRMfqbPmMhQYw0kFlY=");
    options[4].secrets[0] = HR_TEXT("");
    options[5].secrets[0] = (struct hr_text){long_secret, sizeof long_secret};
    options[6].header = HR_TEXT("");
    options[7].scheme = HR_SCHEME_none;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct hr_signer *signer = NULL;
        assert_int_equal(hr_signer_create(&options[i], &signer).code, HR_E_INPUT);
        assert_null(signer);
    }
}

static void the_id_of_a_delivery_is_told_only_when_it_is_signed(void **state)
{
    (void)state;
    struct headers headers = sign(&standard, body);
    struct hr_signer *signer = signer_of(standard);
    struct hr_text id = HR_TEXT("before");
    assert_int_equal(hr_signer_verify(signer, header_of, &headers, body, now, &id),
                     HR_SIGNATURE_ok);
    assert_true(hr_text_equal(id, HR_TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek")));
    assert_int_equal(hr_signer_verify(signer, header_of, &headers, HR_TEXT("{}"), now, &id),
                     HR_SIGNATURE_mismatch);
    assert_int_equal(id.size, 0);
    headers.items[0].value = HR_TEXT("msg_another");
    assert_int_equal(hr_signer_verify(signer, header_of, &headers, body, now, &id),
                     HR_SIGNATURE_mismatch);
    hr_signer_free(signer);
}

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_are_made_and_verified),
        cmocka_unit_test(the_corpus_of_standard_webhooks_holds),
        cmocka_unit_test(what_is_signed_verifies_and_nothing_else_does),
        cmocka_unit_test(every_changed_bit_of_a_signature_is_noticed),
        cmocka_unit_test(time_has_two_edges),
        cmocka_unit_test(while_a_secret_changes_both_verify_and_the_new_one_signs),
        cmocka_unit_test(headers_of_other_forms_are_named_for_what_they_are),
        cmocka_unit_test(a_secret_that_cannot_be_one_makes_no_signer),
        cmocka_unit_test(the_id_of_a_delivery_is_told_only_when_it_is_signed),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
