/* net, outside: what the client and the mailer share of libcurl. Not for other rooms. */
#ifndef HR_NET_OUTSIDE_H
#define HR_NET_OUTSIDE_H

#include "net/client.h"

#include <curl/curl.h>

/* Prepares libcurl, once for the process; false when it cannot be. */
bool hr_curl_ready(void);
/* What libcurl's answer means, in words of ours; static, free of addresses. */
struct hr_text hr_curl_says(CURLcode code);
/* A NUL-terminated copy; NULL without memory or when the text has a NUL. */
char *hr_terminated(struct hr_text text);

#endif
