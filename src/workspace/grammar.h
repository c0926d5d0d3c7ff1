/* workspace/grammar: the language of workspace files, told to editors and to people.
 *
 * Why      what an editor completes, what the manual lists and what `check` takes must be one thing: all three are made
 *          from keys.tbl.
 * Shape    the whole text at once, a few ten kilobytes.
 * Owner    the arena given; the empty text when it refuses.
 * Pure     yes.                      Threads  safe.
 * Source   JSON Schema, draft 2020-12.
 * Tests    tests/unit/workspace_grammar_test.c, tests/e2e/schema.test.mjs (ajv) */
#ifndef HR_WORKSPACE_GRAMMAR_H
#define HR_WORKSPACE_GRAMMAR_H

#include "base/base.h"

/* A JSON Schema of one workspace file: what stands in it is judged, what several files must have together is not. */
struct hr_text hr_grammar_schema(struct hr_arena *into);
/* The reference page docs/guide/reference.md, in Markdown. */
struct hr_text hr_grammar_reference(struct hr_arena *into);

#endif
