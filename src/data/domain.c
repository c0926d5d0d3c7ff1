/* data/domain: domains in normal form, and which of them tell what company a person works for. */
#include "data/identity.h"
#include "data/identity_inside.h"
#include "data/psl.h"

enum { DOMAIN_SIZE_MAX = 253, LABEL_SIZE_MAX = 63 };

/* ---- domains ------------------------------------------------------------------------------ */

static bool is_label(struct hr_text label)
{
    if (label.size == 0 || label.size > LABEL_SIZE_MAX || label.data[0] == '-' ||
        label.data[label.size - 1] == '-') {
        return false;
    }
    for (size_t at = 0; at < label.size; at++) {
        char byte = label.data[at];
        if (!is_letter(byte) && !is_digit(byte) && byte != '-' && (unsigned char)byte < 0x80) {
            return false;
        }
    }
    return true;
}

bool hr_domain_valid(struct hr_text domain)
{
    if (domain.size == 0 || domain.size > DOMAIN_SIZE_MAX || !hr_text_shows(domain)) {
        return false;
    }
    size_t labels = 0;
    struct hr_text last = HR_TEXT_NONE;
    bool more = true;
    while (more) {
        more = hr_text_find(domain, '.') < domain.size;
        last = hr_text_cut(&domain, '.');
        if (!is_label(last)) {
            return false;
        }
        labels++;
    }
    size_t digits = 0;
    while (digits < last.size && is_digit(last.data[digits])) {
        digits++;
    }
    return labels >= 2 && digits < last.size;
}

/* Where the path, the query or the fragment of a URL begins. */
static size_t path_begin(struct hr_text text)
{
    size_t at = 0;
    while (at < text.size && text.data[at] != '/' && text.data[at] != '?' && text.data[at] != '#' &&
           text.data[at] != '\\') {
        at++;
    }
    return at;
}

/* Cuts a URL to its host: scheme, user, port and path go. "://" further behind belongs to what the path carries. */
static struct hr_text host_of(struct hr_text text)
{
    size_t path = path_begin(text);
    if (path > 0 && hr_text_starts(hr_text_slice(text, path - 1, text.size), HR_TEXT("://"))) {
        text = hr_text_slice(text, path + 2, text.size);
        path = path_begin(text);
    }
    text = hr_text_slice(text, 0, path);
    size_t user = hr_text_find(text, '@');
    while (user < text.size) {
        text = hr_text_slice(text, user + 1, text.size);
        user = hr_text_find(text, '@');
    }
    size_t port = hr_text_find(text, ':');
    for (size_t at = port + 1; at < text.size; at++) {
        if (!is_digit(text.data[at])) {
            return HR_TEXT_NONE;
        }
    }
    text = hr_text_slice(text, 0, port);
    return hr_text_ends(text, HR_TEXT(".")) ? hr_text_slice(text, 0, text.size - 1) : text;
}

bool hr_domain_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal)
{
    struct hr_text host = host_of(hr_text_trim(written));
    if (!hr_domain_valid(host)) {
        return false;
    }
    struct hr_text normal = hr_text_lower(into, host);
    struct hr_text bare = hr_text_slice(normal, 4, normal.size);
    if (hr_text_starts(normal, HR_TEXT("www.")) && hr_domain_valid(bare)) {
        normal = bare;
    }
    *ret_normal = normal;
    return normal.data != NULL;
}

/* ---- companies ---------------------------------------------------------------------------- */

bool hr_domain_registrable(struct hr_arena *into, struct hr_text written,
                           struct hr_text *ret_domain)
{
    struct hr_text host = host_of(hr_text_trim(written));
    if (!hr_domain_valid(host)) {
        return false;
    }
    struct hr_text folded = hr_text_lower(into, host); /* a NUL stands behind it */
    size_t from = 0;
    if (folded.data == NULL || !hr_psl_registrable(folded.data, &from)) {
        return false;
    }
    *ret_domain = hr_text_slice(folded, from, folded.size);
    return true;
}

/* Large providers of mailboxes for everybody, chosen by hand. Checked against npm free-email-domains
 * 1.12.6 (MIT; 14,125 domains, most of them long gone), which has all but eight of them. */

/* Those whose name stands under many countries' endings: gmx.de, yahoo.co.uk. */
static const char *const mailbox_names[] = {
    "aol",    "gmail",   "gmx",        "googlemail", "hotmail",
    "icloud", "outlook", "protonmail", "yahoo",      "yandex",
};

/* And those that have one domain, or a few. */
static const char *const mailbox_domains[] = {
    "126.com",         "139.com",
    "163.com",         "abv.bg",
    "alice.it",        "arcor.de",
    "att.net",         "bell.net",
    "bellsouth.net",   "bigpond.com",
    "bigpond.net.au",  "bk.ru",
    "bluewin.ch",      "bol.com.br",
    "btinternet.com",  "centrum.cz",
    "charter.net",     "chello.nl",
    "comcast.net",     "cox.net",
    "daum.net",        "docomo.ne.jp",
    "duck.com",        "earthlink.net",
    "email.cz",        "ezweb.ne.jp",
    "fastmail.com",    "fastmail.fm",
    "free.fr",         "freemail.hu",
    "freenet.de",      "frontier.com",
    "gazeta.pl",       "hanmail.net",
    "hey.com",         "home.nl",
    "hushmail.com",    "i.ua",
    "ig.com.br",       "inbox.lv",
    "inbox.ru",        "interia.pl",
    "juno.com",        "laposte.net",
    "libero.it",       "list.ru",
    "live.ca",         "live.co.uk",
    "live.com",        "live.com.au",
    "live.de",         "live.fr",
    "live.it",         "live.nl",
    "live.se",         "mac.com",
    "mail.com",        "mail.de",
    "mail.ee",         "mail.ru",
    "mailbox.org",     "mailfence.com",
    "me.com",          "msn.com",
    "naver.com",       "neuf.fr",
    "ntlworld.com",    "o2.pl",
    "onet.pl",         "online.de",
    "online.no",       "op.pl",
    "optonline.net",   "optusnet.com.au",
    "orange.fr",       "pm.me",
    "posteo.de",       "posteo.net",
    "proton.me",       "qq.com",
    "rambler.ru",      "rediffmail.com",
    "rocketmail.com",  "rogers.com",
    "sapo.pt",         "sbcglobal.net",
    "seznam.cz",       "sfr.fr",
    "shaw.ca",         "sina.com",
    "sky.com",         "skynet.be",
    "softbank.ne.jp",  "sohu.com",
    "sympatico.ca",    "t-online.de",
    "talktalk.net",    "telenet.be",
    "telus.net",       "terra.com.br",
    "tin.it",          "tiscali.it",
    "tuta.com",        "tuta.io",
    "tutamail.com",    "tutanota.com",
    "tutanota.de",     "ukr.net",
    "uol.com.br",      "verizon.net",
    "videotron.ca",    "virgilio.it",
    "virginmedia.com", "walla.co.il",
    "wanadoo.fr",      "web.de",
    "wp.pl",           "xtra.co.nz",
    "ya.ru",           "yeah.net",
    "ymail.com",       "ziggo.nl",
    "zoho.com",        "zohomail.com",
};

bool hr_domain_is_mailbox(struct hr_text domain)
{
    struct hr_text name = hr_text_slice(domain, 0, hr_text_find(domain, '.'));
    for (size_t index = 0; index < sizeof mailbox_names / sizeof mailbox_names[0]; index++) {
        if (hr_text_equal(name, hr_text_from(mailbox_names[index]))) {
            return true;
        }
    }
    for (size_t index = 0; index < sizeof mailbox_domains / sizeof mailbox_domains[0]; index++) {
        if (hr_text_equal(domain, hr_text_from(mailbox_domains[index]))) {
            return true;
        }
    }
    return false;
}

bool hr_company_domain(struct hr_arena *into, struct hr_text written, struct hr_text *ret_domain)
{
    struct hr_text domain = HR_TEXT_NONE;
    if (!hr_domain_registrable(into, written, &domain) || hr_domain_is_mailbox(domain)) {
        return false;
    }
    *ret_domain = domain;
    return true;
}
