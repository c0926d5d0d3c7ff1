/* data/identity: e-mail, phone, domain, name in normal form, so that one person is one person.
 *
 * Why      "Ada@Example.com " and "ada@example.com" are one address; "+44 20 7946 0018" is one
 *          number.
 * Shape    text in, normal text out, or false. What a person wrote is kept elsewhere.
 * Limits   254 bytes of address, 15 digits of number, 253 bytes of domain.
 * Pure     yes.
 * Threads  safe.
 * Source   RFC 5321 4.5.3 (lengths), RFC 5322 dot-atom (no comments, no quoted local part),
 *          E.164; see docs/decisions for what is not folded (plus-addresses, dots).
 * Tests    tests/unit/data_identity_test.c, corpus 37 (where the country is known) */
#ifndef HR_DATA_IDENTITY_H
#define HR_DATA_IDENTITY_H

#include "base/base.h"

/* Trimmed, domain and local part in ASCII lower case; UTF-8 kept. False if it is no address. */
bool hr_email_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal);
/* E.164 ("+442079460018"). A number without "+" or "00" takes default_country (ISO 3166 alpha-2,
 * may be empty: then it is refused). National trunk prefix dropped. False if it is no number. */
bool hr_phone_normal(struct hr_arena *into, struct hr_text written, struct hr_text default_country,
                     struct hr_text *ret_normal);
/* A host or a URL or an address to its domain in lower case without "www.". False if it is none. */
bool hr_domain_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal);
/* Case folded (ASCII and Latin letters), runs of space to one, trimmed: for comparing names, not
 * for showing. */
struct hr_text hr_name_normal(struct hr_arena *into, struct hr_text written);

#endif
