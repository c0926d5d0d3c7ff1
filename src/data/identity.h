/* data/identity: e-mail, phone, domain, name in normal form, so that one person is one person.
 *
 * Why      "Ada@Example.com " and "ada@example.com" are one address; "+44 20 7946 0018" is one
 *          number; a contact at mail.example.co.uk works for example.co.uk, one at gmail.com for
 *          nobody that we know.
 * Shape    text in, normal text out, or false. What a person wrote is kept elsewhere.
 * Limits   254 bytes of address, 64 bytes of number as written, 253 bytes of domain; of names longer than
 *          1,024 bytes only case and spaces are made one.
 * Errors   false, and an empty text of data NULL, also where the arena has no more: whoever takes false for
 *          "that is none" asks arena->failed before the answer counts (hr_engine_read and hr_engine_step do).
 * Pure     yes.
 * Threads  safe.
 * Source   RFC 5321 4.5.3 (lengths), RFC 5322 dot-atom (no comments, no quoted local part), E.164,
 *          publicsuffix.org (what a company registers). Not folded: plus-addresses and dots in
 *          addresses, accents in names.
 * Tests    tests/unit/data_identity_test.c, corpora 37 (where the country is known), 39 */
#ifndef HR_DATA_IDENTITY_H
#define HR_DATA_IDENTITY_H

#include "base/base.h"

/* Trimmed, domain and local part in ASCII lower case; UTF-8 kept. False if it is no address. */
bool hr_email_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal);
/* E.164 ("+442079460018"), with ";ext=12" behind it where an extension is written. A number without "+" or "00" takes
 * default_country (ISO 3166 alpha-2, may be empty: then it is refused). National trunk prefix dropped, also behind a
 * country's number. False if it is no number. */
bool hr_phone_normal(struct hr_arena *into, struct hr_text written, struct hr_text default_country,
                     struct hr_text *ret_normal);
/* A host or a URL or an address to its domain in lower case without "www.". False if it is none. */
bool hr_domain_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal);
/* Case folded (ASCII and Latin letters), runs of space to one, trimmed: for comparing names, not
 * for showing. Data NULL, of this and the two below: no memory. */
struct hr_text hr_name_normal(struct hr_arena *into, struct hr_text written);
/* Of a person: as above, and titles and degrees go, "Lovelace, Ada" and "Lovelace, Ada, Jr." are put in order.
 * Junior and senior stay: they are two. */
struct hr_text hr_person_normal(struct hr_arena *into, struct hr_text written);
/* Of a company: as above, and the legal forms at its end go, with signs, dots and a "the" before it. */
struct hr_text hr_company_normal(struct hr_arena *into, struct hr_text written);

/* The domain that somebody registered, of a host, a URL or an address: "https://www.shop.example.co.uk/x"
 * gives "example.co.uk". False if it is none, or nothing but a public suffix. */
bool hr_domain_registrable(struct hr_arena *into, struct hr_text written,
                           struct hr_text *ret_domain);
/* True for a registrable domain at which anybody may have a mailbox (gmail.com, t-online.de). The list
 * is short on purpose: one that it lacks shows up as a company whose contacts have nothing in common. */
bool hr_domain_is_mailbox(struct hr_text domain);
/* The domain by which a company is known: the registrable one, unless it is a mailbox provider's. */
bool hr_company_domain(struct hr_arena *into, struct hr_text written, struct hr_text *ret_domain);

#endif
