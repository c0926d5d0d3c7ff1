/* What Liquid's published cases do not ask: numbers as people count them, letters beyond ASCII, dates in time zones,
 * and the ways in which a rendering may fail. */
#include "unit/template_world.h"

static const char data[] = "{\"id\": 12345678901234567890123, \"big\": 9007199254740993, "
                           "\"price\": 19.90, \"tiny\": 1e-7, "
                           "\"huge\": 1e30, \"exp\": 1.5e3, \"name\": \"müller-lüdenscheidt\", "
                           "\"at\": \"2026-03-29T01:30:00Z\", "
                           "\"l\": [3, \"x\", 1], \"m\": {\"a\": 1, \"b\": [1, 2]}, \"t\": \"x\"}";

static void numbers_are_decimal(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ id }} {{ big }} {{ price }} {{ exp }} {{ tiny }}",
         "12345678901234567890123 9007199254740993 19.90 1500.0 0.0000001"},
        {"{{ big | plus: 1 }}", "9007199254740994"},
        {"{{ id | plus: 1 }}", "12345678901234567890124"},
        {"{{ 0.1 | plus: 0.2 }}", "0.3"},
        {"{{ price | times: 3 }}", "59.7"},
        {"{{ price | times: 1.19 | round: 2 }}", "23.68"},
        {"{{ 10 | divided_by: 4 }} {{ 10 | divided_by: 4.0 }} {{ -7 | divided_by: 2 }}",
         "2 2.5 -4"},
        {"{{ -7 | modulo: 3 }} {{ 7 | modulo: -3 }} {{ -7.5 | modulo: 2 }}", "2 -2 0.5"},
        {"{{ 2 | divided_by: 3.0 }} {{ 1 | divided_by: 8.0 }}", "0.6666666666666667 0.125"},
        {"{{ 1e3 }}", "E0450: a number runs into a letter"},
        {"{{ 2.5 | round }} {{ -2.5 | round }} {{ 0.5 | floor }} {{ -0.5 | ceil }}", "3 -3 0 0"},
        {"{{ 1234.5 | round: -2 }} {{ 99 | round: -2 }}", "1200 100"},
        {"{{ '12 eggs' | plus: 1 }} {{ ' +3.5' | plus: 1 }} {{ '3.5' | plus: 1 }}", "13 4 4.5"},
        {"{{ huge | times: huge }}", "failed: the number becomes too large"},
        {"{{ 9 | round: 200 }}", "failed: a number cannot be rounded to so many places"},
        {"{% if 1.0 == 1 and 0.1 < 0.11 and -1.5 < -1 %}yes{% endif %}", "yes"},
        {"{% if huge > 1 and huge < id %}{% else %}no{% endif %}", "no"},
        {"{{ l | sum }}", "4"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void money_is_shown_with_its_places(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ 49900 | money }} {{ 49905 | money }} {{ 5 | money }} {{ 0 | money }}",
         "499.00 499.05 0.05 0.00"},
        {"{{ -5 | money }} {{ -123456 | money }}", "-0.05 -1234.56"},
        {"{{ 49900 | money: 0 }} {{ 49900 | money: 3 }} {{ 0 | money: 0 }}", "49900 49.900 0"},
        {"{{ '49900' | money }} {{ 100.0 | money }}", "499.00 1.00"},
        {"{{ id | money }}", "123456789012345678901.23"},
        {"{{ 49900 | money | default: 'free' }} {{ nothing | money | default: 'free' }}",
         "499.00 free"},
        {"{{ name | money }}",
         "failed: money takes a whole number of the smallest unit, 49900 for 499.00"},
        {"{{ price | money }}",
         "failed: money takes a whole number of the smallest unit, 49900 for 499.00"},
        {"{{ l | money }}",
         "failed: money takes a whole number of the smallest unit, 49900 for 499.00"},
        {"{{ 1 | money: 9 }}", "failed: money has 0 to 4 places"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void letters_are_not_bytes(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ name | capitalize }} {{ name | upcase }} {{ name | size }}",
         "Müller-lüdenscheidt MÜLLER-LÜDENSCHEIDT 19"},
        {"{{ 'Straße ÿ ǆ' | upcase }} {{ 'ÀÇÑØŽĄİ' | downcase }}", "STRASSE Ÿ ǆ àçñøžąi"},
        {"{{ 'Αθήνα Ως' | upcase }} {{ 'МОСКВА Ё' | downcase }}", "ΑΘΉΝΑ ΩΣ москва ё"},
        {"{{ name | slice: 1, 2 }}{{ name | slice: -3, 2 }}", "ülid"},
        {"{{ name | truncate: 4, '…' }}", "mül…"},
        {"{{ 'aé' | split: '' | reverse | join }} {{ 'éa' | first }}{{ 'aé' | last }}{{ 'aé'.last "
         "}}",
         "E0450: expected \"|\" and a filter, or the end, found \".\""},
        {"{{ 'aé' | split: '' | reverse | join }} {{ 'éa' | first }}{{ 'aé' | last }}", "é a éé"},
        {"{{ name.first }}{{ name.last }}{{ name.size }}", "mt19"},
        {"{{ 'naïve café' | url_encode }}", "na%C3%AFve+caf%C3%A9"},
        {"{{ '%ff' | url_decode }}", "failed: what was decoded is no text"},
        {"{{ '/w==' | base64_decode }}", "failed: what was decoded is no text"},
        {"{{ '50%' | url_decode }}{{ '%4' | url_decode }}", "50%%4"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void dates_are_read_and_written(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ at | date: '%Y-%m-%d %H:%M:%S.%L %z' }}", "2026-03-29 01:30:00.000 +0000"},
        {"{{ at | date: '%A, %B %e, %Y at %l:%M %p' }}", "Sunday, March 29, 2026 at  1:30 AM"},
        {"{{ at | date: '%-d.%-m.%y, %-H Uhr %^b %#p %5Y %e|%3d|%_m' }}",
         "29.3.26, 1 Uhr MAR am 02026 29|029| 3"},
        {"{{ at | date: '%j %U %W %V %G %u %w %C %s %%%n%t%q %Z %:z %::z' }}",
         "088 13 12 13 2026 7 0 20 1774747800 %\n\t%q UTC +00:00 +00:00:00"},
        {"{{ at | date: '%c|%x|%X|%D|%F|%T|%R|%r|%v|%+' }}",
         "Sun Mar 29 01:30:00 2026|03/29/26|01:30:00|03/29/26|2026-03-29|01:30:00|01:30|"
         "01:30:00 AM|29-MAR-2026|Sun Mar 29 01:30:00 UTC 2026"},
        {"{{ '2027-01-01' | date: '%G-W%V %j' }} {{ '2024-12-31' | date: '%G-W%V %j' }}",
         "2026-W53 001 2025-W01 366"},
        {"{{ 'now' | date: '%F %T' }} {{ 'today' | date: '%F' }}",
         "2026-11-22 10:00:00 2026-11-22"},
        {"{{ '14 Mar 2016' | date: '%F' }} {{ 'Mon, 14 March 2016 10:05:06 +0200' | date: '%F %T' "
         "}}",
         "2016-03-14 2016-03-14 08:05:06"},
        {"{{ 'March 1st, 2016 at 12:30 am' | date: '%F %R' }} {{ '2 Apr 2016 1 pm' | date: '%F' }}",
         "2016-03-01 00:30 2 Apr 2016 1 pm"},
        {"{{ '2016/3/4' | date: '%F' }} {{ '2016-03-04 5:06' | date: '%F %R' }}",
         "2016/3/4 2016-03-04 05:06"},
        {"{{ '03/04/2016' | date: '%F' }} {{ 'soon' | date: '%F' }} {{ '30 Feb 2016' | date: '%F' "
         "}}",
         "03/04/2016 soon 30 Feb 2016"},
        {"{{ '2016-03-14T10:00:00.123456-01:00' | date: '%T.%N %3N' }}", "11:00:00.123456000 123"},
        {"{{ 0 | date: '%F' }} {{ -1 | date: '%F' }} {{ 1.9 | date: '%T' }} {{ id | date: '%F' }}",
         "1970-01-01 1969-12-31 00:00:01 12345678901234567890123"},
        {"{{ at | date: '' }} {{ l | date: '%F' }}", "2026-03-29T01:30:00Z 3x1"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

/* The view's zone, across a change of the clocks; a date without an offset is of that zone. */
static void dates_are_of_the_zone(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ at | date: '%F %R %z %Z' }}", "2026-03-29 03:30 +0200 Europe/Berlin"},
        {"{{ '2026-03-28 12:00' | date: '%R %z %s' }}", "12:00 +0100 1774695600"},
        {"{{ '2026-03-29 12:00' | date: '%R %z %s' }}", "12:00 +0200 1774778400"},
        {"{{ '2026-03-29 02:30' | date: '%R %z' }}", "03:00 +0200"},
        {"{{ '2026-03-29 02:30 UTC' | date: '%R' }}", "04:30"},
        {"{{ when }} {{ span }}", "2026-11-22 11:00:00 +0100 2 hours"},
    };
    static char zone[65536];
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    if (file == NULL) {
        print_message("SKIP no time zones here\n");
        skip();
    }
    size_t size = fread(zone, 1, sizeof(zone), file);
    (void)fclose(file);
    struct world world;
    world_open(&world, data);
    struct hr_member more[] = {
        {hr_value_text(HR_TEXT("when")), hr_value_time(world.view.now)},
        {hr_value_text(HR_TEXT("span")), hr_value_duration(2 * HR_HOUR_US)},
        {hr_value_text(HR_TEXT("at")), *hr_value_member(&world.data, HR_TEXT("at"))},
    };
    world.data = (struct hr_value){.kind = HR_KIND_map, .count = 3, .members = more};
    assert_int_equal(hr_zone_read(&world.arena, HR_TEXT("Europe/Berlin"),
                                  (struct hr_text){zone, size}, &world.view.zone)
                         .code,
                     0);
    RUN(&world, HR_LANDING_text, examples);
    world.view.now = HR_INSTANT_NONE;
    static const struct example later[] = {{"{{ 'now' | date: '%F' }}", "now"}};
    RUN(&world, HR_LANDING_text, later);
    world_close(&world);
}

static void what_cannot_be_done_says_so(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{% if t > 3 %}{% endif %}",
         "failed: a text and a number, or a time, cannot be put in order"},
        {"{% if l > 3 or m < 1 %}{% else %}no{% endif %}", "no"},
        {"{{ l | sort }}", "failed: items of different kinds cannot be put in order"},
        {"{{ l | map: 'a' }}", "failed: an item of the list has no properties"},
        {"{{ l | concat: t }}", "failed: concat needs a list behind the colon"},
        {"{{ t | slice: 'a' }}", "failed: a whole number is needed here"},
        {"{% for i in l limit: t %}{% endfor %}", "failed: a whole number is needed here"},
        {"{{ 1 | modulo: 0 }}", "failed: a number cannot be divided by zero"},
        {"{{ '*' | base64_decode }}", "failed: this is not base64"},
        {"before{% break %}behind", "before"},
        {"{{ m }} {{ m.b }} {{ m.size }} {{ m.first.first }}", "{\"a\":1,\"b\":[1,2]} 12 2 a"},
        {"{% assign x = blank %}[{{ x }}]{% if x == '' and empty == empty %}yes{% endif %}",
         "[]yes"},
        {"{{ m | json }} {{ nil | json }} {{ t | json }}", "{\"a\":1,\"b\":[1,2]} null \"x\""},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal),   cmocka_unit_test(money_is_shown_with_its_places),
        cmocka_unit_test(letters_are_not_bytes), cmocka_unit_test(dates_are_read_and_written),
        cmocka_unit_test(dates_are_of_the_zone), cmocka_unit_test(what_cannot_be_done_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
