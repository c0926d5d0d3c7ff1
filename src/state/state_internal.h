/* state, inside: the parts of the fold and of the row codec. */
#ifndef HR_STATE_STATE_INTERNAL_H
#define HR_STATE_STATE_INTERNAL_H

#include "state/state.h"

/* Row codec of the larger kinds. newest: the record's last_position, from which the others are counted back. */
void hr_put_contact(struct hr_buffer *out, uint64_t newest, const struct hr_contact *contact);
hr_status hr_get_contact(struct hr_reader *in, uint64_t newest, struct hr_arena *into,
                         struct hr_contact *ret_contact);
/* row_rare.c, row_run.c, row_consent.c */
struct hr_moments;
void hr_put_rare_parts(struct hr_buffer *out, struct hr_moments *moments,
                       const struct hr_contact *contact);
hr_status hr_get_rare_parts(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                            struct hr_contact *contact);
void hr_put_runs(struct hr_buffer *out, struct hr_moments *moments,
                 const struct hr_contact *contact);
hr_status hr_get_runs(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                      struct hr_contact *contact);
void hr_put_entered(struct hr_buffer *out, const struct hr_contact *contact);
void hr_put_troubles(struct hr_buffer *out, const struct hr_contact *contact);
hr_status hr_get_troubles(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
void hr_put_consents(struct hr_buffer *out, struct hr_moments *moments,
                     const struct hr_contact *contact);
hr_status hr_get_consents(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                          struct hr_contact *contact);
hr_status hr_get_entered(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
/* row_related.c */
void hr_put_related(struct hr_buffer *out, const struct hr_contact *contact);
hr_status hr_get_related(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
void hr_put_work(struct hr_buffer *out, const struct hr_work *work);
hr_status hr_get_work(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
void hr_put_issue(struct hr_buffer *out, const struct hr_issue *issue);
void hr_get_issue(struct hr_reader *in, struct hr_issue *ret_issue);
void hr_put_effect(struct hr_buffer *out, const struct hr_effect *effect);
void hr_get_effect(struct hr_reader *in, struct hr_effect *ret_effect);
void hr_put_automation(struct hr_buffer *out, const struct hr_automation_record *automation);
hr_status hr_get_automation(struct hr_reader *in, struct hr_arena *into,
                            struct hr_automation_record *automation);
hr_status hr_fold_standing(const struct hr_folding *folding,
                           struct hr_automation_record *automation, const struct hr_fact *fact);
void hr_put_letters(struct hr_buffer *out, const struct hr_contact *contact);
hr_status hr_get_letters(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
hr_status hr_fold_letter(const struct hr_folding *folding, struct hr_contact *contact,
                         const struct hr_fact *fact);
void hr_put_queue(struct hr_buffer *out, const struct hr_queue *queue);
void hr_get_queue(struct hr_reader *in, struct hr_queue *ret_queue);

/* row_given.c */
void hr_put_holdings(struct hr_buffer *out, const struct hr_contact *contact);
hr_status hr_get_holdings(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact);
void hr_put_person(struct hr_buffer *out, const struct hr_person_record *person);
hr_status hr_get_person(struct hr_reader *in, struct hr_arena *into,
                        struct hr_person_record *person);
void hr_put_team(struct hr_buffer *out, const struct hr_team_record *team);
void hr_get_team(struct hr_reader *in, struct hr_team_record *team);

/* row_time.c: a time by its distance from another one; HR_INSTANT_NONE stays what it is. What cannot be read fails the
 * reader, and what is answered then means nothing. */
void hr_put_instant(struct hr_buffer *out, hr_instant base, hr_instant time);
hr_instant hr_get_instant(struct hr_reader *in, hr_instant base);
/* Who said something, when, and in which entry. One of the last few that a row named costs a byte. */
struct hr_moment {
    uint32_t tool;
    hr_instant at;
    uint64_t position;
};
enum { HR_MOMENTS_KEPT = 16 }; /* part of the format: another number needs another ROW_VERSION */
struct hr_moments {
    hr_instant base; /* the contact's first moment */
    uint64_t newest; /* position */
    struct hr_moment last[HR_MOMENTS_KEPT];
    size_t count;
};
void hr_put_moment(struct hr_buffer *out, struct hr_moments *moments, uint32_t tool, hr_instant at,
                   uint64_t position);
/* The same where no tool belongs to it: what is read back may have any. */
void hr_put_when(struct hr_buffer *out, struct hr_moments *moments, hr_instant at,
                 uint64_t position);
struct hr_moment hr_get_moment(struct hr_reader *in, struct hr_moments *moments);

/* The fold by the kind of record that changes. */
hr_status hr_fold_house(const struct hr_folding *folding, uint64_t position,
                        const struct hr_fact *fact);
hr_status hr_fold_contact(const struct hr_folding *folding, uint64_t position,
                          const struct hr_fact *fact);
hr_status hr_fold_field(const struct hr_folding *folding, struct hr_contact *contact,
                        uint64_t position, const struct hr_fact *fact);
hr_status hr_fold_run(const struct hr_folding *folding, struct hr_record *record, uint64_t position,
                      const struct hr_fact *fact);
hr_status hr_fold_consent(const struct hr_folding *folding, struct hr_contact *contact,
                          uint64_t position, const struct hr_fact *fact);
hr_status hr_fold_suppression(const struct hr_folding *folding, const struct hr_fact *fact);
/* The contact goes, and none of its enrollments rests any more. */
hr_status hr_fold_runs_gone(const struct hr_folding *folding, struct hr_record *record);
hr_status hr_fold_related(const struct hr_folding *folding, const struct hr_fact *fact);
/* Its work is nobody's any more: it changes, or goes. */
hr_status hr_fold_work_gone(const struct hr_folding *folding, const struct hr_record *record);
hr_status hr_fold_issue(const struct hr_folding *folding, uint64_t position,
                        const struct hr_fact *fact);
hr_status hr_fold_effect(const struct hr_folding *folding, uint64_t position,
                         const struct hr_fact *fact);
hr_status hr_fold_queue(struct hr_queue *queue, const struct hr_fact *fact);

/* fold_given.c */
hr_status hr_fold_assigned(const struct hr_folding *folding, struct hr_contact *contact,
                           const struct hr_fact *fact);
hr_status hr_fold_load(const struct hr_folding *folding, struct hr_contact *contact,
                       const struct hr_fact *fact);
/* Somebody says who has it: it waits in no queue any more. */
void hr_fold_taken(struct hr_contact *contact, uint32_t field);

/* fold_schedule.c, row_schedule.c */
hr_status hr_fold_schedule(const struct hr_folding *folding,
                           struct hr_automation_record *automation, uint64_t position,
                           const struct hr_fact *fact);
void hr_put_scheduled(struct hr_buffer *out, const struct hr_scheduled *scheduled);
hr_status hr_get_scheduled(struct hr_reader *in, struct hr_arena *into,
                           struct hr_scheduled *scheduled);

/* due.c: when the clock next changes where an instance stands; HR_INSTANT_NONE: never. */
hr_instant hr_instance_due(const struct hr_instance *instance);

/* past.c: keeps an older value of a watched field with the others, by the time it was said to hold. */
hr_status hr_keep_past(const struct hr_folding *folding, struct hr_contact *contact,
                       struct hr_said said);

/* Grows an array of a record by one and answers the new item's place; NULL without memory. Arrays of records
 * carry no capacity: they are short and copied. */
void *hr_array_insert(struct hr_arena *arena, void *items, size_t count, size_t at, size_t size,
                      void **ret_items);

#endif
