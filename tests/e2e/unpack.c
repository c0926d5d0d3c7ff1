/* links: store */
/* Writes to stdout what the zstd frames of a file hold, one after another, so that a test can search sealed archives
 * for what must be gone. Finds frames by their magic number and knows nothing of the archive's own form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

static const unsigned char magic[4] = {0x28, 0xB5, 0x2F, 0xFD};

/* Unpacks the frame at the front; answers how many bytes it took, 0 when it is none. */
static size_t unpack(const unsigned char *bytes, size_t size)
{
    char plain[1 << 16];
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer in = {.src = bytes, .size = size};
    size_t left = 1;
    while (left != 0 && !ZSTD_isError(left)) {
        ZSTD_outBuffer out = {.dst = plain, .size = sizeof plain};
        size_t before = in.pos;
        left = ZSTD_decompressStream(stream, &out, &in);
        (void)fwrite(plain, 1, out.pos, stdout);
        if (in.pos == before && out.pos == 0) {
            break; /* cut short */
        }
    }
    (void)ZSTD_freeDStream(stream);
    return left == 0 ? in.pos : 0;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        (void)fprintf(stderr, "usage: unpack FILE\n");
        return 2;
    }
    size_t size = (size_t)ftell(file);
    unsigned char *bytes = malloc(size + 1);
    (void)fseek(file, 0, SEEK_SET);
    if (bytes == NULL || fread(bytes, 1, size, file) != size) {
        return 1;
    }
    for (size_t at = 0; at + sizeof magic <= size;) {
        size_t took =
            memcmp(bytes + at, magic, sizeof magic) == 0 ? unpack(bytes + at, size - at) : 0;
        at += took > 0 ? took : 1;
    }
    free(bytes);
    (void)fclose(file);
    return 0;
}
