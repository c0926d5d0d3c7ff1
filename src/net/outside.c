/* What the client and the mailer share: getting libcurl ready, and saying in our words what it met. */
#include "net/outside.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool ready;

static void prepare(void)
{
    ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool hr_curl_ready(void)
{
    return pthread_once(&once, prepare) == 0 && ready;
}

struct hr_text hr_curl_says(CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *text;
    } words[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "the host's name is not known"},
        {CURLE_COULDNT_CONNECT, "no connection"},
        {CURLE_OPERATION_TIMEDOUT, "no answer in time"},
        {CURLE_SSL_CONNECT_ERROR, "no secure connection (TLS)"},
        {CURLE_PEER_FAILED_VERIFICATION, "the host's certificate is not trusted"},
        {CURLE_SSL_CACERT_BADFILE, "the file of trusted certificates cannot be read"},
        {CURLE_USE_SSL_FAILED, "the server does not offer TLS, which is required"},
        {CURLE_LOGIN_DENIED, "the server refused the sign-in"},
        {CURLE_GOT_NOTHING, "the connection ended without an answer"},
        {CURLE_SEND_ERROR, "the connection broke while sending"},
        {CURLE_RECV_ERROR, "the connection broke while waiting for the answer"},
        {CURLE_PARTIAL_FILE, "the answer broke off"},
        {CURLE_UNSUPPORTED_PROTOCOL, "only http and https can be called"},
        {CURLE_WEIRD_SERVER_REPLY, "the answer cannot be understood"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].code == code) {
            return hr_text_from(words[i].text);
        }
    }
    return hr_text_from(curl_easy_strerror(code));
}

char *hr_terminated(struct hr_text text)
{
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL) {
        return NULL;
    }
    char *copy = malloc(text.size + 1);
    if (copy != NULL) {
        memcpy(copy, text.size > 0 ? text.data : "", text.size);
        copy[text.size] = '\0';
    }
    return copy;
}
