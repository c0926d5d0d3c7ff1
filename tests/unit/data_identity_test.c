/* What people rely on when two records might be one person: addresses, numbers, domains and names
 * in one normal form, and nothing taken for an address that could slip into a mail header. */
#include "data_corpus.h"

#include "data/identity.h"
#include "data/value.h"

static struct hr_arena arena;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

typedef bool (*normal_of)(struct hr_arena *into, struct hr_text written,
                          struct hr_text *ret_normal);

static void check_pairs(normal_of normal, const char *const pairs[][2], size_t count)
{
    for (size_t index = 0; index < count; index++) {
        struct hr_text got = HR_TEXT_NONE;
        bool is_one = normal(&arena, hr_text_from(pairs[index][0]), &got);
        const char *expected = pairs[index][1];
        if (is_one != (expected != NULL) ||
            (is_one && !hr_text_equal(got, hr_text_from(expected)))) {
            fail_msg("'%s': '%.*s'", pairs[index][0], HR_SHOW(got));
        }
    }
}
#define CHECK_PAIRS(normal, pairs) check_pairs(normal, pairs, sizeof pairs / sizeof pairs[0])

static void addresses_take_one_form(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Ada@Example.com ", "ada@example.com"},
        {"\tada.lovelace+news@mail.example.co.uk\n", "ada.lovelace+news@mail.example.co.uk"},
        {"J\xC3\xB6rg@b\xC3\xBC"
         "cher.example",
         "j\xC3\xB6rg@b\xC3\xBC"
         "cher.example"},
        {"o'brien@example.ie", "o'brien@example.ie"},
        {"a@b.co", "a@b.co"},
        {"x@xn--bcher-kva.example", "x@xn--bcher-kva.example"},
    };
    CHECK_PAIRS(hr_email_normal, pairs);
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", NULL},
        {"ada", NULL},
        {"@example.com", NULL},
        {"ada@", NULL},
        {"ada@localhost", NULL},
        {"ada@192.168.0.1", NULL},
        {"ada@@example.com", NULL},
        {"ada@example.com,eve@example.com", NULL},
        {"ada@example.com;eve@example.com", NULL},
        {"ada@example.com\r\nBcc: eve@example.com", NULL},
        {"ada\r\nBcc:eve@example.com", NULL},
        {"ada\n@example.com", NULL},
        {"a da@example.com", NULL},
        {"ada@exa mple.com", NULL},
        {"<ada@example.com>", NULL},
        {"Ada <ada@example.com>", NULL},
        {"\"ada\"@example.com", NULL},
        {"ada(comment)@example.com", NULL},
        {"mailto:ada@example.com", NULL},
        {".ada@example.com", NULL},
        {"ada.@example.com", NULL},
        {"a..da@example.com", NULL},
        {"ada@example..com", NULL},
        {"ada@-example.com", NULL},
        {"ada@example.com.", NULL},
        {"ada\x01@example.com", NULL},
        {"ada\x7f@example.com", NULL},
        {"ada\xC2\x85@example.com", NULL},
        {"ada\xE2\x80\xAE@example.com", NULL},
        {"ada\xE2\x80\xA8@example.com", NULL},
        {"ada@exam\xE2\x80\x8Bple.com", NULL},
        {"ada\xFF@example.com", NULL},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@example.com", NULL},
    };
    CHECK_PAIRS(hr_email_normal, pairs);
    struct hr_text got;
    assert_false(hr_email_normal(&arena, HR_TEXT("ada\0@example.com"), &got));
    char longest[300];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "ada@", 4);
    for (size_t at = 60; at < 290; at += 60) {
        longest[at] = '.';
    }
    assert_true(hr_email_normal(&arena, (struct hr_text){longest, 254}, &got));
    assert_false(hr_email_normal(&arena, (struct hr_text){longest, 255}, &got));
}

static void domains_are_cut_out_of_what_people_paste(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Example.COM", "example.com"},
        {"https://www.Example.com/pricing?x=1#top", "example.com"},
        {"http://user:pass@shop.example.com:8080/a@b", "shop.example.com"},
        {"ada@www.example.com", "example.com"},
        {"www.com", "www.com"},
        {"acme.example/login?next=https://other.example/", "acme.example"},
        {"acme.example?next=https://other.example/", "acme.example"},
        {"acme.example#https://other.example/", "acme.example"},
        {"https://acme.example/?next=http://other.example", "acme.example"},
        {"https://acme.example\\@other.example/", "acme.example"},
        {"ftp://acme.example", "acme.example"},
        {"//acme.example/", NULL},
        {"example.com.", "example.com"},
        {"example.com:443", "example.com"},
        {"b\xC3\xBC"
         "cher.example",
         "b\xC3\xBC"
         "cher.example"},
        {"", NULL},
        {"localhost", NULL},
        {"10.0.0.1", NULL},
        {"[::1]", NULL},
        {"exa_mple.com", NULL},
        {"example com", NULL},
        {"https://", NULL},
        {".com", NULL},
        {"n/a", NULL},
    };
    CHECK_PAIRS(hr_domain_normal, pairs);
    struct hr_text got;
    assert_false(hr_domain_normal(&arena, HR_TEXT("example.com\0junk"), &got));
    assert_false(hr_domain_normal(&arena, HR_TEXT("https://example.com\0/junk"), &got));
    assert_false(hr_domain_registrable(&arena, HR_TEXT("example.com\0junk"), &got));
}

static void names_are_folded_for_comparing(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"  Ada   LOVELACE ", "ada lovelace"},
        {"J\xC3\x96RG Stra\xC3\x9F"
         "e",
         "j\xC3\xB6rg strasse"},
        {"\xC5\xBDi\xC5\xBEka \xC5\x81uk", "\xC5\xBEi\xC5\xBEka \xC5\x82uk"},
        {"Nguy\xE1\xBB\x84n\xC2\xA0V\xC4\x82n", "nguy\xE1\xBB\x85n v\xC4\x83n"},
        {"\xC5\xB8 \xC4\xB0 \xC3\x97", "\xC3\xBF i \xC3\x97"},
        {"\xE6\xBC\xA2\xE5\xAD\x97\xE3\x80\x80X", "\xE6\xBC\xA2\xE5\xAD\x97 x"},
        {"", ""},
    };
    for (size_t index = 0; index < sizeof pairs / sizeof pairs[0]; index++) {
        struct hr_text got = hr_name_normal(&arena, hr_text_from(pairs[index][0]));
        if (!hr_text_equal(got, hr_text_from(pairs[index][1]))) {
            fail_msg("'%s': '%.*s'", pairs[index][0], HR_SHOW(got));
        }
        assert_true(hr_text_equal(hr_name_normal(&arena, got), got));
    }
}

typedef struct hr_text (*name_of)(struct hr_arena *into, struct hr_text written);

/* What was made normal once stays as it is. */
static void check_names(name_of normal, const char *const pairs[][2], size_t count)
{
    for (size_t index = 0; index < count; index++) {
        struct hr_text got = normal(&arena, hr_text_from(pairs[index][0]));
        if (!hr_text_equal(got, hr_text_from(pairs[index][1]))) {
            fail_msg("'%s': '%.*s'", pairs[index][0], HR_SHOW(got));
        }
        struct hr_text again = normal(&arena, got);
        if (!hr_text_equal(again, got)) {
            fail_msg("'%.*s' becomes '%.*s'", HR_SHOW(got), HR_SHOW(again));
        }
    }
}
#define CHECK_NAMES(normal, pairs) check_names(normal, pairs, sizeof pairs / sizeof pairs[0])

static void people_are_compared_without_titles(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Ada Lovelace", "ada lovelace"},
        {"LOVELACE,  Ada", "ada lovelace"},
        {"Prof. Dr. Ada  Lovelace, PhD", "ada lovelace"},
        {"Lovelace, Dr. Ada", "ada lovelace"},
        {"Mr. J. R. R. Tolkien", "j r r tolkien"},
        {"Conan O\xE2\x80\x99"
         "Brien",
         "conan o'brien"},
        {"Anne\xE2\x80\x90Marie M\xC3\xBCLLER", "anne-marie m\xC3\xBCller"},
        {"Martin Luther King Jr.", "martin luther king jr"},
        {"King, Martin Luther, Jr.", "martin luther king jr"},
        {"John Smith, Jr.", "john smith jr"},
        {"John Smith Jr.", "john smith jr"},
        {"Smith, John, Jr.", "john smith jr"},
        {"Smith, John, Jr., PhD", "john smith jr"},
        {"John Smith, Sr, MD", "john smith sr"},
        {"John Smith, III", "john smith iii"},
        {"Smith, John III", "john iii smith"},
        {"John Smith, Junior", "john smith junior"},
        {"Smith, Junior", "junior smith"},
        {"John Smith,", "john smith"},
        {"John Smith, ,", "john smith"},
        {"Robert \"Bob\" Smith MBA", "robert bob smith"},
        {"Dr.", "dr"},
        {"Frau", "frau"},
        {"MD", "md"},
        {",", ""},
        {"", ""},
    };
    CHECK_NAMES(hr_person_normal, pairs);
}

static void companies_are_compared_without_legal_forms(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"ACME Ltd.", "acme"},
        {"Acme Limited", "acme"},
        {"ACME, Inc.", "acme"},
        {"Acme Co., Ltd.", "acme"},
        {"Acme Holdings plc", "acme holdings"},
        {"The Acme Company", "acme"},
        {"M\xC3\xBCller GmbH & Co. KG", "m\xC3\xBCller"},
        {"M\xC3\x9CLLER GmbH & Co.KG", "m\xC3\xBCller"},
        {"Beispiel UG (haftungsbeschr\xC3\xA4nkt)", "beispiel"},
        {"Beispiel Verein e.V.", "beispiel verein"},
        {"Exemple S.A.R.L.", "exemple"},
        {"Esempio S.p.A.", "esempio"},
        {"Ejemplo S. A.", "ejemplo"},
        {"Eksempel A/S", "eksempel"},
        {"Przyk\xC5\x82"
         "ad Sp. z o.o.",
         "przyk\xC5\x82"
         "ad"},
        {"Tiffany & Co.", "tiffany"},
        {"Marks & Spencer", "marks and spencer"},
        {"Procter + Gamble Co", "procter and gamble"},
        {"McDonald\xE2\x80\x99s Corp", "mcdonalds"},
        {"Coca-Cola", "coca cola"},
        {"Amazon.com, Inc.", "amazon.com"},
        {"Yahoo!", "yahoo"},
        {"Limited", "limited"},
        {"SE", "se"},
        {"The", "the"},
        {"and", "and"},
        {"", ""},
    };
    CHECK_NAMES(hr_company_normal, pairs);
}

static void a_name_of_any_length_and_letters_is_taken(void **state)
{
    (void)state;
    char name[3000];
    memset(name, 'A', sizeof name);
    struct hr_text got = hr_company_normal(&arena, (struct hr_text){name, sizeof name});
    assert_int_equal(got.size, sizeof name);
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        static const char some[] = "a.&,-/ ltdco'\xC3\xA9\xE2\x80\x99\"(+\xFF";
        char text[40];
        size_t size = (size_t)(round % 40);
        for (size_t index = 0; index < size; index++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[index] = some[(seed >> 33) % (sizeof some - 1)];
        }
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct hr_text company = hr_company_normal(&arena, (struct hr_text){text, size});
        struct hr_text person = hr_person_normal(&arena, (struct hr_text){text, size});
        assert_true(hr_text_is_utf8(company) && hr_text_is_utf8(person));
        assert_true(hr_text_trim(company).size == company.size);
        assert_true(hr_text_trim(person).size == person.size);
        hr_arena_rewind(&arena, mark);
    }
}

static void a_company_is_known_by_its_domain(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"ada@mail.example.co.uk", "example.co.uk"},
        {"https://www.Shop.Example.com/pricing", "example.com"},
        {"www.co.uk", "www.co.uk"},
        {"someone.github.io", "someone.github.io"},
        {"x@b\xC3\xBC"
         "cher.example",
         "b\xC3\xBC"
         "cher.example"},
        {"ada@gmail.com", NULL},
        {"ada@yahoo.co.uk", NULL},
        {"ada@mail.gmx.net", NULL},
        {"ada@t-online.de", NULL},
        {"ada@outlook-systems.example", "outlook-systems.example"},
        {"co.uk", NULL},
        {"github.io", NULL},
        {"10.0.0.1", NULL},
        {"localhost", NULL},
        {"", NULL},
    };
    CHECK_PAIRS(hr_company_domain, pairs);
    assert_true(hr_domain_is_mailbox(HR_TEXT("gmx.de")));
    assert_false(hr_domain_is_mailbox(HR_TEXT("gmxtras.de")));
    assert_false(hr_domain_is_mailbox(HR_TEXT_NONE));
}

/* A build without libphonenumber reads international numbers only. */
static bool has_library(void)
{
    struct hr_text got;
    bool has = hr_phone_normal(&arena, HR_TEXT("020 7946 0018"), HR_TEXT("GB"), &got);
    if (!has) {
        fprintf(stderr, "SKIP national numbers: built without libphonenumber\n");
    }
    return has;
}

static void international_numbers_need_no_country(void **state)
{
    (void)state;
    static const char *const written[] = {"+442079460018", "+44 20 7946 0018", "0044 20 7946-0018"};
    for (size_t index = 0; index < 3; index++) {
        struct hr_text got = HR_TEXT_NONE;
        assert_true(hr_phone_normal(&arena, hr_text_from(written[index]), HR_TEXT_NONE, &got));
        assert_true(hr_text_equal(got, HR_TEXT("+442079460018")));
    }
}

static void numbers_become_e164(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"+442079460018", "", "+442079460018"},
        {"+44 20 7946 0018", "", "+442079460018"},
        {"0044 (20) 7946-0018", "", "+442079460018"},
        {"020 7946 0018", "GB", "+442079460018"},
        {"+44 (0)20 7946 0018", "us", "+442079460018"},
        {"(212) 555-0123", "us", "+12125550123"},
        {"030 901820", "DE", "+4930901820"},
        {"020 7946 0018", "", NULL},
        {"12", "GB", NULL},
        {"", "GB", NULL},
        {"call me", "GB", NULL},
        {"020 7946 0018", "England", NULL},
        {"+0123456789", "", NULL},
        {"+44 20 7946 0018\r\nX: y", "", NULL},
        /* what looks like E.164 is read, too */
        {"+4402079460018", "", "+442079460018"},
        {"004402079460018", "", "+442079460018"},
        {"+390236618300", "", "+390236618300"}, /* in Italy the 0 belongs to the number */
        {"+12345678", "", NULL},
        {"+99912345678", "", NULL},
        {"234-5678", "US", NULL}, /* half a number: each town has it */
        {"+44 20 7946 0018", "England", "+442079460018"},
        /* behind one number sit many people */
        {"020 7946 0018 ext. 12", "GB", "+442079460018;ext=12"},
        {"+44 20 7946 0018 x14", "", "+442079460018;ext=14"},
        {"+442079460018;ext=12", "", "+442079460018;ext=12"},
    };
    if (!has_library()) {
        return;
    }
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_text got = HR_TEXT_NONE;
        bool is_one = hr_phone_normal(&arena, hr_text_from(cases[index][0]),
                                      hr_text_from(cases[index][1]), &got);
        const char *expected = cases[index][2];
        if (is_one != (expected != NULL) ||
            (is_one && !hr_text_equal(got, hr_text_from(expected)))) {
            fail_msg("'%s' in '%s': '%.*s'", cases[index][0], cases[index][1], HR_SHOW(got));
        }
    }
    struct hr_text got = HR_TEXT_NONE;
    assert_false(hr_phone_normal(&arena, HR_TEXT("00442079460018\0"), HR_TEXT_NONE, &got));
    assert_false(hr_phone_normal(&arena,
                                 HR_TEXT("0044207946001\0"
                                         "8"),
                                 HR_TEXT_NONE, &got));
}

static void the_example_numbers_of_every_region(void **state)
{
    (void)state;
    struct hr_text json = corpus_read("37-libphonenumber", "example_numbers.json");
    if (json.data == NULL || !has_library()) {
        fprintf(stderr, "SKIP corpus 37-libphonenumber: not found, or no library\n");
        corpus_free(json);
        return;
    }
    struct hr_value all;
    assert_true(hr_ok(hr_json_read(&arena, json, NULL, NULL, &all)));
    assert_true(all.count > 1000);
    uint32_t right = 0;
    for (uint32_t index = 0; index < all.count; index++) {
        const struct hr_value *one = &all.items[index];
        struct hr_text region = hr_value_as_text(hr_value_member(one, HR_TEXT("region")));
        struct hr_text national = hr_value_as_text(hr_value_member(one, HR_TEXT("national")));
        struct hr_text e164 = hr_value_as_text(hr_value_member(one, HR_TEXT("e164")));
        struct hr_text got = HR_TEXT_NONE;
        if (region.size != 2) { /* numbers of no country are only written internationally */
            national = hr_text_format(&arena, "%.*s ", HR_SHOW(e164));
            region = HR_TEXT_NONE;
        }
        bool same = hr_phone_normal(&arena, national, region, &got) && hr_text_equal(got, e164);
        struct hr_text again = HR_TEXT_NONE; /* what is kept is read again with each message */
        if (same &&
            (!hr_phone_normal(&arena, e164, HR_TEXT_NONE, &again) || !hr_text_equal(again, e164))) {
            fail_msg("%.*s becomes '%.*s'", HR_SHOW(e164), HR_SHOW(again));
        }
        right += same ? 1 : 0;
        if (!same) {
            print_message("  listed: %.*s %.*s is read as '%.*s': the library's tables are older "
                          "than this number\n",
                          HR_SHOW(region), HR_SHOW(national), HR_SHOW(got));
        }
    }
    print_message("  %u of %u numbers\n", right, all.count);
    assert_true(right * 100 >= all.count * 99);
    corpus_free(json);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(addresses_take_one_form),
        story(what_is_no_address_is_refused),
        story(domains_are_cut_out_of_what_people_paste),
        story(names_are_folded_for_comparing),
        story(people_are_compared_without_titles),
        story(companies_are_compared_without_legal_forms),
        story(a_name_of_any_length_and_letters_is_taken),
        story(a_company_is_known_by_its_domain),
        story(international_numbers_need_no_country),
        story(numbers_become_e164),
        story(the_example_numbers_of_every_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
