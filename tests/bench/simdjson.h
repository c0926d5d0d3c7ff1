/* bench/simdjson: simdjson's DOM parser, beside which our reader is measured. */
#ifndef HR_BENCH_SIMDJSON_H
#define HR_BENCH_SIMDJSON_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct simdjson_text;

/* The name of the instructions that simdjson chose on this machine. */
const char *simdjson_kind(void);
/* A text with the room behind it that simdjson asks for; made once, before time is taken. */
struct simdjson_text *simdjson_text_make(const char *data, size_t size);
void simdjson_text_free(struct simdjson_text *text);
/* Parses it into simdjson's tree, with a parser that is used again and again; false if it refuses. */
bool simdjson_read(const struct simdjson_text *text);

#ifdef __cplusplus
}
#endif
#endif
