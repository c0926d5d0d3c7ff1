/* Arenas: memory that is given back all at once. The only file of the pure rooms that calls malloc. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__) /* gcc */
#define ADDRESS_SANITIZER 1
#endif
#ifdef ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else /* the same names, that do nothing */
#define ASAN_POISON_MEMORY_REGION(bytes, size)   ((void)(bytes), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(bytes, size) ((void)(bytes), (void)(size))
#endif

enum { ALIGN = 16, BLOCK_SIZE_FIRST = 16 << 10, BLOCK_SIZE_MOST = 1 << 20 };

struct hr_arena_block {
    struct hr_arena_block *older;
    size_t size; /* of bytes */
    size_t used;
    size_t pad;
    _Alignas(ALIGN) unsigned char bytes[];
};

void hr_arena_init(struct hr_arena *arena, size_t budget_bytes)
{
    *arena = (struct hr_arena){.budget_bytes = budget_bytes};
}

void hr_arena_close(struct hr_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->block != NULL) {
        struct hr_arena_block *older = arena->block->older;
        free(arena->block);
        arena->block = older;
    }
    arena->used_bytes = 0;
    arena->failed = false;
}

struct hr_arena_mark hr_arena_mark(const struct hr_arena *arena)
{
    return (struct hr_arena_mark){
        .block = arena->block,
        .block_used = arena->block != NULL ? arena->block->used : 0,
        .used_bytes = arena->used_bytes,
    };
}

/* Under the sanitizer, whoever still points at memory given back fails at once, not by chance next month. */
static void give_back(struct hr_arena_block *block, size_t from)
{
    ASAN_POISON_MEMORY_REGION(block->bytes + from, block->used - from);
    block->used = from;
}

void hr_arena_rewind(struct hr_arena *arena, struct hr_arena_mark mark)
{
    struct hr_arena_block *kept = NULL;
    while (arena->block != mark.block) {
        hr_assert(arena->block != NULL);
        struct hr_arena_block *older = arena->block->older;
        if (mark.block == NULL && older == NULL) {
            kept = arena->block; /* stays, so that a loop of batches does not call malloc */
        } else {
            free(arena->block);
        }
        arena->block = older;
    }
    if (kept != NULL) {
        give_back(kept, 0);
        arena->block = kept;
    } else if (arena->block != NULL) {
        give_back(arena->block, mark.block_used);
    }
    arena->used_bytes = mark.used_bytes;
    if (mark.used_bytes == 0) {
        arena->failed = false;
    }
}

static bool add_block(struct hr_arena *arena, size_t size)
{
    size_t block_size = BLOCK_SIZE_FIRST;
    if (arena->block != NULL && arena->block->size < BLOCK_SIZE_MOST) {
        block_size = arena->block->size * 2;
    } else if (arena->block != NULL) {
        block_size = BLOCK_SIZE_MOST;
    }
    if (block_size < size) {
        block_size = size;
    }
    struct hr_arena_block *block = malloc(sizeof *block + block_size);
    if (block == NULL) {
        return false;
    }
    block->older = arena->block;
    block->size = block_size;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->bytes, block_size);
    arena->block = block;
    return true;
}

void *hr_arena_room(struct hr_arena *arena, size_t size)
{
    if (size > arena->budget_bytes) {
        arena->failed = true;
        return NULL;
    }
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > arena->budget_bytes - arena->used_bytes) {
        arena->failed = true;
        return NULL;
    }
    if (arena->block == NULL || arena->block->size - arena->block->used < size) {
        if (!add_block(arena, size)) {
            arena->failed = true;
            return NULL;
        }
    }
    void *bytes = arena->block->bytes + arena->block->used;
    arena->block->used += size;
    arena->used_bytes += size;
    ASAN_UNPOISON_MEMORY_REGION(bytes, size);
    return bytes;
}

void *hr_arena_alloc(struct hr_arena *arena, size_t size)
{
    void *bytes = hr_arena_room(arena, size);
    return bytes != NULL ? memset(bytes, 0, size) : NULL;
}

void *hr_arena_alloc_many(struct hr_arena *arena, size_t count, size_t size)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total)) {
        arena->failed = true;
        return NULL;
    }
    return hr_arena_alloc(arena, total);
}

bool hr_arena_holds(const struct hr_arena *arena, const void *bytes)
{
    uintptr_t at = (uintptr_t)bytes;
    for (const struct hr_arena_block *block = arena->block; block != NULL; block = block->older) {
        uintptr_t first = (uintptr_t)block->bytes;
        if (at >= first && at < first + block->used) {
            return true;
        }
    }
    return false;
}

void *hr_list_grow(struct hr_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = hr_arena_alloc_many(arena, wanted, size);
    if (grown == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *capacity = wanted;
    return grown;
}
