/* data/json_marks: stage 1 of the JSON reader. For each block of 64 bytes it makes one bit mask for
 * each kind of byte, works out with shifts and one multiplication without carries which quotes are
 * escaped and which bytes lie inside strings, and notes the positions of what is left. Nothing is
 * judged here: a text that is no JSON has marks, too, and stage 2 refuses it.
 *
 * Source: Langdale and Lemire, Parsing Gigabytes of JSON per Second (2019), sections 3.1 and 3.2. */
#include "data/json_reader.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HR_X86       1
#define TARGET(list) __attribute__((target(list)))
#else
#define HR_X86 0
#endif

/* So that each path is compiled as one piece for its own instructions. */
#define INLINE static inline __attribute__((always_inline))

/* One bit for each byte of a block. */
struct bits {
    uint64_t quote, backslash;
    uint64_t sign;  /* one of []{}:, */
    uint64_t space; /* one of the four that JSON knows */
    uint64_t control, high;
};

/* ---- what all paths share ----------------------------------------------------------------- */

/* What the next block must know of those before it. Kept apart from the marks while a window is looked
 * at, so that it stays in registers. */
struct carry {
    uint64_t escape; /* 1: the first byte is escaped */
    uint64_t string; /* all ones: it is inside a string */
    uint64_t scalar; /* 1: it goes on with a number or word */
    uint64_t high, odd;
};

/* The bytes that an odd run of backslashes stands before. */
INLINE uint64_t find_escaped(struct carry *carry, uint64_t backslash)
{
    if (backslash == 0) {
        uint64_t escaped = carry->escape;
        carry->escape = 0;
        return escaped;
    }
    const uint64_t even = UINT64_C(0x5555555555555555);
    backslash &= ~carry->escape;
    uint64_t follows = backslash << 1 | carry->escape;
    uint64_t odd_starts = backslash & ~even & ~follows;
    uint64_t even_runs;
    carry->escape = __builtin_add_overflow(odd_starts, backslash, &even_runs) ? 1 : 0;
    return (even ^ (even_runs << 1)) & follows;
}

/* Each bit becomes the exclusive or of itself and all below: between two quotes everything is set. */
INLINE uint64_t spread_by_shifts(uint64_t bits)
{
    for (unsigned width = 1; width < 64; width *= 2) {
        bits ^= bits << width;
    }
    return bits;
}

INLINE uint64_t find_marks(struct carry *carry, const struct bits *bits,
                           uint64_t (*spread)(uint64_t bits))
{
    uint64_t quote = bits->quote & ~find_escaped(carry, bits->backslash);
    uint64_t inside = spread(quote) ^ carry->string; /* with the opening quote */
    carry->string = 0 - (inside >> 63);
    uint64_t scalar = ~(bits->sign | bits->space | quote);
    uint64_t begins = scalar & ~(scalar << 1 | carry->scalar);
    carry->scalar = scalar >> 63;
    carry->high |= bits->high;
    carry->odd |= bits->backslash | (bits->control & inside);
    return ((bits->sign | begins) & ~inside) | quote;
}

/* Notes where the bits of a block are set; answers the place behind. May write up to a block too much,
 * which the next one overwrites. */
typedef uint32_t *(*note_bits)(uint32_t *position, uint64_t bits, uint32_t from);

INLINE uint32_t *note(uint32_t *position, uint64_t bits, uint32_t from)
{
    while (bits != 0) {
        *position++ = from + (uint32_t)__builtin_ctzll(bits);
        bits &= bits - 1;
    }
    return position;
}

typedef void (*classify_bytes)(const char *block, uint32_t size, struct bits *ret_bits);

/* One path: all blocks up to `end`. */
INLINE void scan(struct hr_json_marks *marks, uint32_t end, classify_bytes classify,
                 uint64_t (*spread)(uint64_t bits), note_bits put)
{
    struct bits bits;
    struct carry carry = {.escape = marks->escape_carry,
                          .string = marks->string_carry,
                          .scalar = marks->scalar_carry};
    const char *data = marks->data;
    uint32_t *position = marks->positions + marks->count;
    uint32_t at = marks->scanned;
    for (; end - at >= HR_JSON_BLOCK; at += HR_JSON_BLOCK) {
        classify(data + at, HR_JSON_BLOCK, &bits);
        position = put(position, find_marks(&carry, &bits, spread), at);
    }
    if (at < end) {
        classify(data + at, end - at, &bits);
        position = put(position, find_marks(&carry, &bits, spread), at);
    }
    marks->escape_carry = carry.escape;
    marks->string_carry = carry.string;
    marks->scalar_carry = carry.scalar;
    marks->high |= carry.high;
    marks->odd |= carry.odd;
    marks->count = (uint32_t)(position - marks->positions);
    marks->scanned = end;
}

/* The block, or where it is too short a copy of it that ends in spaces. */
INLINE const char *whole_block(const char *block, uint32_t size, char room[HR_JSON_BLOCK])
{
    if (size == HR_JSON_BLOCK) {
        return block;
    }
    memset(room, ' ', HR_JSON_BLOCK);
    memcpy(room, block, size);
    return room;
}

/* ---- any processor ------------------------------------------------------------------------ */

enum { QUOTE = 1, BACKSLASH = 2, SIGN = 4, SPACE = 8, CONTROL = 16 };

/* clang-format off */
static const uint8_t kinds[128] = {
    16, 16, 16, 16, 16, 16, 16, 16, 16, 24, 24, 16, 16, 24, 16, 16,
    16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
    ['"'] = QUOTE, ['\\'] = BACKSLASH, [' '] = SPACE,
    ['['] = SIGN, [']'] = SIGN, ['{'] = SIGN, ['}'] = SIGN, [':'] = SIGN, [','] = SIGN,
};
/* clang-format on */

static void classify_portable(const char *block, uint32_t size, struct bits *ret_bits)
{
    char room[HR_JSON_BLOCK];
    block = whole_block(block, size, room);
    struct bits bits = {0};
    for (unsigned index = 0; index < HR_JSON_BLOCK; index++) {
        unsigned char byte = (unsigned char)block[index];
        uint64_t kind = byte < 0x80 ? kinds[byte] : 0;
        bits.quote |= (kind & 1) << index;
        bits.backslash |= (kind >> 1 & 1) << index;
        bits.sign |= (kind >> 2 & 1) << index;
        bits.space |= (kind >> 3 & 1) << index;
        bits.control |= (kind >> 4 & 1) << index;
        bits.high |= (uint64_t)(byte >> 7) << index;
    }
    *ret_bits = bits;
}

static void scan_portable(struct hr_json_marks *marks, uint32_t end)
{
    scan(marks, end, classify_portable, spread_by_shifts, note);
}

#if HR_X86

/* ---- SSE2: every x86-64 ------------------------------------------------------------------- */

INLINE uint64_t equal_sse2(const __m128i part[4], char byte)
{
    const __m128i wanted = _mm_set1_epi8(byte);
    uint64_t bits = 0;
    for (unsigned index = 0; index < 4; index++) {
        int found = _mm_movemask_epi8(_mm_cmpeq_epi8(part[index], wanted));
        bits |= (uint64_t)(uint32_t)found << (16 * index);
    }
    return bits;
}

INLINE void classify_sse2(const char *block, uint32_t size, struct bits *ret_bits)
{
    char room[HR_JSON_BLOCK];
    block = whole_block(block, size, room);
    __m128i part[4], folded[4];
    uint64_t control = 0, high = 0;
    for (unsigned index = 0; index < 4; index++) {
        part[index] = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * index));
        folded[index] = _mm_or_si128(part[index], _mm_set1_epi8(0x20)); /* [ is now {, ] is } */
        __m128i most = _mm_min_epu8(part[index], _mm_set1_epi8(0x1F));
        int below = _mm_movemask_epi8(_mm_cmpeq_epi8(part[index], most));
        control |= (uint64_t)(uint32_t)below << (16 * index);
        high |= (uint64_t)(uint32_t)_mm_movemask_epi8(part[index]) << (16 * index);
    }
    ret_bits->quote = equal_sse2(part, '"');
    ret_bits->backslash = equal_sse2(part, '\\');
    ret_bits->sign = equal_sse2(folded, '{') | equal_sse2(folded, '}') | equal_sse2(part, ':') |
                     equal_sse2(part, ',');
    ret_bits->space = equal_sse2(part, ' ') | equal_sse2(part, '\n') | equal_sse2(part, '\r') |
                      equal_sse2(part, '\t');
    ret_bits->control = control;
    ret_bits->high = high;
}

static void scan_sse2(struct hr_json_marks *marks, uint32_t end)
{
    scan(marks, end, classify_sse2, spread_by_shifts, note);
}

/* ---- AVX2 --------------------------------------------------------------------------------- */

#define AVX2 TARGET("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")

/* A table of 16 that a byte's low half looks up; JSON's spaces, and its signs with bit 0x20 set,
 * have each a low half of their own. What has none finds a byte that cannot be its equal. */
#define SPACES ' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100
#define SIGNS  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0

AVX2 INLINE uint64_t spread_by_product(uint64_t bits)
{
    __m128i all = _mm_set1_epi8((char)0xFF);
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), all, 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 INLINE uint64_t join_avx2(__m256i low, __m256i high)
{
    uint64_t below = (uint32_t)_mm256_movemask_epi8(low);
    return below | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 INLINE uint64_t equal_avx2(__m256i low, __m256i high, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    return join_avx2(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

AVX2 INLINE uint64_t in_table_avx2(__m256i low, __m256i high, __m256i low_key, __m256i high_key,
                                   __m256i table)
{
    return join_avx2(_mm256_cmpeq_epi8(low, _mm256_shuffle_epi8(table, low_key)),
                     _mm256_cmpeq_epi8(high, _mm256_shuffle_epi8(table, high_key)));
}

AVX2 INLINE void classify_avx2(const char *block, uint32_t size, struct bits *ret_bits)
{
    char room[HR_JSON_BLOCK];
    block = whole_block(block, size, room);
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)block);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(block + 32));
    const __m256i fold = _mm256_set1_epi8(0x20);
    const __m256i most = _mm256_set1_epi8(0x1F);
    const __m256i spaces = _mm256_setr_epi8(SPACES, SPACES);
    const __m256i signs = _mm256_setr_epi8(SIGNS, SIGNS);
    ret_bits->quote = equal_avx2(low, high, '"');
    ret_bits->backslash = equal_avx2(low, high, '\\');
    ret_bits->space = in_table_avx2(low, high, low, high, spaces);
    ret_bits->sign =
        in_table_avx2(_mm256_or_si256(low, fold), _mm256_or_si256(high, fold), low, high, signs);
    ret_bits->control = join_avx2(_mm256_cmpeq_epi8(low, _mm256_min_epu8(low, most)),
                                  _mm256_cmpeq_epi8(high, _mm256_min_epu8(high, most)));
    ret_bits->high = join_avx2(low, high);
}

/* Eight at a time: most blocks have no more than sixteen marks, and a loop would be guessed wrong.
 */
AVX2 INLINE uint32_t *note_avx2(uint32_t *position, uint64_t bits, uint32_t from)
{
    uint32_t *behind = position + (uint32_t)_mm_popcnt_u64(bits);
    for (; bits != 0; position += 8) {
        for (unsigned index = 0; index < 8; index++) {
            position[index] = from + (uint32_t)_tzcnt_u64(bits);
            bits = _blsr_u64(bits);
        }
    }
    return behind;
}

AVX2 static void scan_avx2(struct hr_json_marks *marks, uint32_t end)
{
    scan(marks, end, classify_avx2, spread_by_product, note_avx2);
}

/* ---- AVX-512 ------------------------------------------------------------------------------ */

#define AVX512 TARGET("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt,pclmul")

AVX512 INLINE uint64_t spread_by_product_512(uint64_t bits)
{
    __m128i all = _mm_set1_epi8((char)0xFF);
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), all, 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX512 INLINE void classify_avx512(const char *block, uint32_t size, struct bits *ret_bits)
{
    /* what lies behind the text is not touched: its bytes are spaces */
    const __m512i bytes =
        size == HR_JSON_BLOCK
            ? _mm512_loadu_si512(block)
            : _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), (UINT64_C(1) << size) - 1, block);
    const __m512i spaces = _mm512_broadcast_i32x4(_mm_setr_epi8(SPACES));
    const __m512i signs = _mm512_broadcast_i32x4(_mm_setr_epi8(SIGNS));
    const __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    ret_bits->quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
    ret_bits->backslash = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
    ret_bits->space = _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(spaces, bytes));
    ret_bits->sign = _mm512_cmpeq_epi8_mask(folded, _mm512_shuffle_epi8(signs, bytes));
    ret_bits->control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
    ret_bits->high = _mm512_movepi8_mask(bytes);
}

/* Packs the numbers of the set bits, widens them sixteen at a time and adds where the block begins. */
AVX512 INLINE uint32_t *note_avx512(uint32_t *position, uint64_t bits, uint32_t from)
{
    static const uint8_t numbers[HR_JSON_BLOCK] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    uint32_t count = (uint32_t)_mm_popcnt_u64(bits);
    const __m512i first = _mm512_set1_epi32((int)from);
    const __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    _mm512_storeu_si512(
        position, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (count > 16) {
        _mm512_storeu_si512(
            position + 16,
            _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
    }
    if (count > 32) {
        _mm512_storeu_si512(
            position + 32,
            _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
        _mm512_storeu_si512(
            position + 48,
            _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
    }
    return position + count;
}

AVX512 static void scan_avx512(struct hr_json_marks *marks, uint32_t end)
{
    scan(marks, end, classify_avx512, spread_by_product_512, note_avx512);
}

bool hr_json_path_works(enum hr_json_path path)
{
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
                __builtin_cpu_supports("pclmul");
    if (path == HR_JSON_avx512) {
        return avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vbmi2");
    }
    return path == HR_JSON_avx2 ? avx2 : path < HR_JSON_PATHS;
}

enum hr_json_path hr_json_path_best(void)
{
    if (hr_json_path_works(HR_JSON_avx512)) {
        return HR_JSON_avx512;
    }
    return hr_json_path_works(HR_JSON_avx2) ? HR_JSON_avx2 : HR_JSON_sse2;
}

#else

bool hr_json_path_works(enum hr_json_path path)
{
    return path == HR_JSON_portable;
}

enum hr_json_path hr_json_path_best(void)
{
    return HR_JSON_portable;
}

#endif

/* ---- windows ------------------------------------------------------------------------------ */

void hr_json_marks_init(struct hr_json_marks *marks, struct hr_text text, enum hr_json_path path)
{
    hr_assert(text.size < UINT32_MAX);
    marks->data = text.data;
    marks->size = (uint32_t)text.size;
    marks->scanned = 0;
    marks->path = path;
    marks->escape_carry = marks->string_carry = marks->scalar_carry = 0;
    marks->high = marks->odd = 0;
    marks->valid_utf8 = marks->careful = false;
    marks->count = 0;
}

static void scan_window(struct hr_json_marks *marks, uint32_t end)
{
    switch (marks->path) {
#if HR_X86
    case HR_JSON_avx512:
        scan_avx512(marks, end);
        return;
    case HR_JSON_avx2:
        scan_avx2(marks, end);
        return;
    case HR_JSON_sse2:
        scan_sse2(marks, end);
        return;
    case HR_JSON_portable:
    case HR_JSON_PATHS:
#else
    case HR_JSON_avx512:
    case HR_JSON_avx2:
    case HR_JSON_sse2:
    case HR_JSON_portable:
    case HR_JSON_PATHS:
#endif
        scan_portable(marks, end);
    }
}

void hr_json_marks_more(struct hr_json_marks *marks)
{
    marks->count = 0;
    while (marks->count == 0 && marks->scanned < marks->size) {
        uint32_t left = marks->size - marks->scanned;
        scan_window(marks, marks->scanned + (left < HR_JSON_WINDOW ? left : HR_JSON_WINDOW));
    }
    if (marks->high != 0 && !marks->valid_utf8 && !marks->careful) {
        struct hr_text text = {marks->data, marks->size};
        marks->valid_utf8 = hr_utf8_break(text) == text.size;
        marks->careful = !marks->valid_utf8;
    }
    marks->careful = marks->careful || marks->odd != 0;
    if (marks->scanned == marks->size) {
        marks->positions[marks->count++] = marks->size;
    }
}
