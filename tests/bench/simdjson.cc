// bench/simdjson: the only file that knows simdjson (tests/bench/simdjson.h).
#include "bench/simdjson.h"

#include <simdjson.h>

struct simdjson_text {
    simdjson::padded_string padded;
};

extern "C" const char *simdjson_kind(void)
{
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}

extern "C" struct simdjson_text *simdjson_text_make(const char *data, size_t size)
{
    return new simdjson_text{simdjson::padded_string(data, size)};
}

extern "C" void simdjson_text_free(struct simdjson_text *text)
{
    delete text;
}

extern "C" bool simdjson_read(const struct simdjson_text *text)
{
    static simdjson::dom::parser parser;
    simdjson::dom::element root;
    return parser.parse(text->padded).get(root) == simdjson::SUCCESS;
}
