/* One HTTP call to the outside: made once, never repeated in secret, with the connected address checked. */
#include "net/guard.h"
#include "net/outside.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    URL_MAX = 2048,
    HEADERS_MAX = 64,
    HEADER_LINE_MAX = 8 << 10,
    METHOD_SIZE = 16,
    RETRY_S_MAX = 24 * 3600
};

struct hr_http_client {
    CURL *curl;
    char **allow; /* "host:port" */
    size_t allow_count;
    char *ca_file;
    uint32_t connect_ms_max;
    uint32_t time_ms_max;
    size_t answer_max_bytes;
    /* of the call that runs */
    bool allowed; /* the allow-list names its host and port */
    bool inside;  /* an address was refused for good */
    bool open;    /* an address was let through, or could not be judged: later it may work */
    bool cut;
    struct hr_buffer answer;
};

/* ---- life ---------------------------------------------------------------------------------- */

static hr_status copy_allow(struct hr_http_client *client,
                            const struct hr_http_client_options *options)
{
    client->allow = calloc(options->allow_count + 1, sizeof *client->allow);
    if (client->allow == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < options->allow_count; i++) {
        struct hr_text entry = options->allow[i];
        size_t port = entry.size;
        while (port > 0 && entry.data[port - 1] >= '0' && entry.data[port - 1] <= '9') {
            port--;
        }
        if (port < 2 || port == entry.size || entry.data[port - 1] != ':') {
            return hr_answer(HR_E_INPUT);
        }
        client->allow[i] = hr_terminated(entry);
        if (client->allow[i] == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        client->allow_count++;
    }
    return hr_done();
}

hr_status hr_http_client_create(const struct hr_http_client_options *options,
                                struct hr_http_client **ret_client)
{
    struct hr_http_client *client = calloc(1, sizeof *client);
    if (client == NULL || !hr_curl_ready()) {
        free(client);
        return hr_answer(HR_E_MEMORY);
    }
    client->connect_ms_max = options->connect_ms_max > 0 ? options->connect_ms_max : 10 * 1000;
    client->time_ms_max = options->time_ms_max > 0 ? options->time_ms_max : 20 * 1000;
    client->answer_max_bytes = options->answer_max_bytes > 0 ? options->answer_max_bytes : 64 << 10;
    client->ca_file = options->ca_file != NULL ? strdup(options->ca_file) : NULL;
    client->curl = curl_easy_init();
    hr_status status = copy_allow(client, options);
    if (hr_ok(status) &&
        (client->curl == NULL || (options->ca_file != NULL && client->ca_file == NULL))) {
        status = hr_answer(HR_E_MEMORY);
    }
    if (!hr_ok(status)) {
        hr_http_client_free(client);
        return status;
    }
    *ret_client = client;
    return hr_done();
}

void hr_http_client_free(struct hr_http_client *client)
{
    if (client == NULL) {
        return;
    }
    for (size_t i = 0; i < client->allow_count; i++) {
        free(client->allow[i]);
    }
    free(client->allow);
    free(client->ca_file);
    curl_easy_cleanup(client->curl);
    free(client);
}

/* ---- the guard on the connected address ------------------------------------------------------ */

/* The address bytes of a socket address; NULL for a family that is never called. */
static const uint8_t *bytes_of(const struct sockaddr *address, size_t *ret_size)
{
    if (address->sa_family == AF_INET) {
        *ret_size = 4;
        return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    }
    if (address->sa_family == AF_INET6) {
        *ret_size = 16;
        return (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    }
    return NULL;
}

enum whose { WHOSE_other, WHOSE_own, WHOSE_unclear };

/* Whether one of this machine's interfaces has the address; unclear when the interfaces cannot be read now. */
static enum whose whose_is(const uint8_t *bytes, size_t size)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0) {
        return WHOSE_unclear;
    }
    bool own = false;
    for (const struct ifaddrs *at = all; at != NULL && !own; at = at->ifa_next) {
        size_t own_size = 0;
        const uint8_t *own_bytes = at->ifa_addr != NULL ? bytes_of(at->ifa_addr, &own_size) : NULL;
        own = own_bytes != NULL && own_size == size && memcmp(own_bytes, bytes, size) == 0;
    }
    freeifaddrs(all);
    return own ? WHOSE_own : WHOSE_other;
}

/* True if the address may be connected to. Notes why not: one of the inside never may, one that is unclear perhaps
 * later. A host can have addresses of both kinds, so the call is refused for good only if all were of the inside. */
static bool let_through(struct hr_http_client *client, const uint8_t *bytes, size_t size)
{
    if (bytes == NULL || (!client->allowed && hr_address_is_inside(bytes, size))) {
        client->inside = true;
        return false;
    }
    const uint8_t *four = size == 16 ? hr_address_within(bytes) : NULL; /* an own one in disguise */
    enum whose whose = client->allowed ? WHOSE_other
                       : four != NULL  ? whose_is(four, 4)
                                       : whose_is(bytes, size);
    client->inside |= whose == WHOSE_own;
    client->open |= whose != WHOSE_own;
    return whose == WHOSE_other;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct hr_http_client *client = context;
    size_t size = 0;
    const uint8_t *bytes = bytes_of(&address->addr, &size);
    (void)purpose;
    if (!let_through(client, bytes, size)) {
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* True if the allow-list, or the call's own, names host and port of the URL, as libcurl itself reads it. */
static bool is_allowed(const struct hr_http_client *client, CURLU *url, struct hr_text also)
{
    char *host = NULL;
    char *port = NULL;
    bool allowed = false;
    if (curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        char wanted[URL_MAX + 8];
        (void)snprintf(wanted, sizeof wanted, "%s:%s", host, port);
        allowed = also.size > 0 && hr_text_equal_caseless(also, hr_text_from(wanted));
        for (size_t i = 0; i < client->allow_count && !allowed; i++) {
            allowed = hr_text_equal_caseless(hr_text_from(client->allow[i]), hr_text_from(wanted));
        }
    }
    curl_free(host);
    curl_free(port);
    return allowed;
}

/* ---- one call -------------------------------------------------------------------------------- */

static size_t take_answer(char *bytes, size_t one, size_t size, void *context)
{
    struct hr_http_client *client = context;
    (void)one;
    size_t room = client->answer_max_bytes - client->answer.size;
    if (size > room) {
        client->cut = true;
        hr_buffer_add(&client->answer, bytes, room);
        return 0; /* the rest is not read */
    }
    hr_buffer_add(&client->answer, bytes, size);
    return client->answer.failed ? 0 : size;
}

static bool header_is_clean(const struct hr_http_header *header)
{
    for (size_t i = 0; i < header->name.size; i++) {
        unsigned char byte = (unsigned char)header->name.data[i];
        if (byte <= ' ' || byte >= 0x7f || byte == ':') {
            return false;
        }
    }
    for (size_t i = 0; i < header->value.size; i++) {
        unsigned char byte = (unsigned char)header->value.data[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return header->name.size > 0 && header->name.size + header->value.size < HEADER_LINE_MAX - 4;
}

static bool method_is_clean(struct hr_text method)
{
    for (size_t i = 0; i < method.size; i++) {
        if (method.data[i] < 'A' || method.data[i] > 'Z') {
            return false;
        }
    }
    return method.size < METHOD_SIZE;
}

/* The headers as libcurl wants them; false when one cannot be sent or memory is short. */
static bool list_headers(const struct hr_http_call *call, struct curl_slist **ret_list)
{
    char line[HEADER_LINE_MAX];
    bool typed = false;
    bool good = call->header_count <= HEADERS_MAX && method_is_clean(call->method);
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no waiting for 100 */
    for (size_t i = 0; good && list != NULL && i < call->header_count; i++) {
        const struct hr_http_header *header = &call->headers[i];
        good = header_is_clean(header);
        if (good) {
            typed |= hr_text_equal_caseless(header->name, HR_TEXT("content-type"));
            /* libcurl sends a header without a value only when it is written with ';' */
            (void)snprintf(line, sizeof line, header->value.size > 0 ? "%.*s: %.*s" : "%.*s;%.*s",
                           HR_SHOW(header->name), HR_SHOW(header->value));
            struct curl_slist *longer = curl_slist_append(list, line);
            good = longer != NULL;
            list = longer != NULL ? longer : list;
        }
    }
    if (good && list != NULL && !typed) {
        good = curl_slist_append(list, "Content-Type:") !=
               NULL; /* none is better than a guessed one */
    }
    *ret_list = list;
    return good && list != NULL;
}

static void set_up(struct hr_http_client *client, CURLU *url, const struct hr_http_call *call,
                   struct curl_slist *headers)
{
    CURL *curl = client->curl;
    char method[METHOD_SIZE];
    struct hr_text verb = call->method.size > 0 ? call->method : HR_TEXT("POST");
    (void)snprintf(method, sizeof method, "%.*s", HR_SHOW(verb));
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_CURLU, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT,
                     1L); /* on an old connection libcurl may send twice */
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, client);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_ms_max);
    uint32_t time_ms = call->time_ms_max > 0 ? call->time_ms_max : client->time_ms_max;
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)time_ms);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Handrail/" HR_VERSION);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
    if (client->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca_file);
    }
    /* whoever may bring a body says that it has none: some servers refuse a silence (411) */
    if (call->body.size > 0 || verb.data[0] == 'P') {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.size > 0 ? call->body.data : "");
    }
    if (hr_text_equal(verb, HR_TEXT("HEAD"))) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

/* What an answer with this status means. */
static enum hr_reached judge_status(int status, bool retry_after)
{
    if (status < 300) {
        return HR_REACHED_confirmed;
    }
    if (status == 408 || status == 425 || status == 429 || (status == 503 && retry_after)) {
        return HR_REACHED_again;
    }
    return status < 500 ? HR_REACHED_refused : HR_REACHED_unknown;
}

static void judge(struct hr_http_client *client, CURLcode code, struct hr_arena *into,
                  struct hr_http_result *result)
{
    long status = 0;
    long sent = 0;
    curl_off_t retry_s = 0;
    char *type = NULL;
    (void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(client->curl, CURLINFO_REQUEST_SIZE, &sent);
    (void)curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &retry_s);
    (void)curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type);
    if (status >= 200 && status <= 599) {
        result->status = (int)status;
        result->retry_after_s = (uint32_t)(retry_s < 0             ? 0
                                           : retry_s > RETRY_S_MAX ? RETRY_S_MAX
                                                                   : retry_s);
        result->reached = judge_status(result->status, result->retry_after_s > 0);
        result->cut = client->cut || code != CURLE_OK;
        result->body = hr_buffer_text(&client->answer);
        result->content_type = type != NULL ? hr_text_copy(into, hr_text_from(type)) : HR_TEXT_NONE;
        result->text =
            hr_text_format(into, "answered %ld%s", status,
                           status >= 300 && status < 400 ? ": moved, which is not followed" : "");
    } else if (client->inside && !client->open && sent == 0) {
        result->reached = HR_REACHED_refused;
        result->text = HR_TEXT("the address lies inside the own network; name host and port in the "
                               "list of allowed ones");
    } else {
        result->reached = sent > 0 ? HR_REACHED_unknown : HR_REACHED_again;
        result->text =
            code == CURLE_OK ? HR_TEXT("the answer cannot be understood") : hr_curl_says(code);
    }
}

/* Reads the URL with libcurl's parser, the one that will also connect; false: it cannot be called. */
static bool read_url(struct hr_text text, CURLU *url)
{
    char *terminated = text.size <= URL_MAX ? hr_terminated(text) : NULL;
    char *scheme = NULL;
    bool good = terminated != NULL &&
                curl_url_set(url, CURLUPART_URL, terminated, CURLU_DISALLOW_USER) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    curl_free(scheme);
    free(terminated);
    return good;
}

struct hr_text hr_http_origin(struct hr_arena *into, struct hr_text text)
{
    struct hr_text origin = HR_TEXT_NONE;
    char *scheme = NULL;
    char *host = NULL;
    char *port = NULL;
    CURLU *url = curl_url();
    if (url != NULL && read_url(text, url) &&
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        for (char *at = host; *at != '\0'; at++) {
            *at = hr_lower(*at);
        }
        origin = hr_text_format(into, "%s://%s:%s", scheme, host, port);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    return origin;
}

hr_status hr_http_client_call(struct hr_http_client *client, const struct hr_http_call *call,
                              struct hr_arena *into, struct hr_http_result *ret_result)
{
    struct curl_slist *headers = NULL;
    CURLU *url = curl_url();
    *ret_result = (struct hr_http_result){.reached = HR_REACHED_refused};
    hr_buffer_init(&client->answer, into, client->answer_max_bytes);
    if (url == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (!read_url(call->url, url)) {
        ret_result->text =
            HR_TEXT("the address is not one that can be called: http or https, at most "
                    "2,048 bytes, without a user name");
    } else if (!list_headers(call, &headers)) {
        ret_result->text = HR_TEXT("a header has bytes that cannot be sent");
    } else {
        client->allowed = is_allowed(client, url, call->allow);
        client->inside = false;
        client->open = false;
        client->cut = false;
        set_up(client, url, call, headers);
        CURLcode code = curl_easy_perform(client->curl);
        judge(client, code, into, ret_result);
        curl_easy_reset(client->curl); /* no pointer into this call stays behind */
    }
    curl_slist_free_all(headers);
    curl_url_cleanup(url);
    return client->answer.failed ? hr_answer(HR_E_MEMORY) : hr_done();
}
