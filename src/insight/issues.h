/* insight, inside: going through all issues, page by page. */
#ifndef HR_INSIGHT_ISSUES_H
#define HR_INSIGHT_ISSUES_H

#include "insight/inside.h"

enum { HR_ISSUES_LOOKED_AT_MAX = 20000 };

/* Called for each issue in order of its number. The record is gone after the call. */
typedef hr_status (*hr_issue_visit)(void *context, const struct hr_record *record);
/* Visits the newest HR_ISSUES_LOOKED_AT_MAX. *ret_left_out: the issues up to this number were not looked at; 0: all
 * were. */
hr_status hr_issues_each(const struct hr_ask *ask, hr_issue_visit visit, void *context,
                         uint64_t *ret_left_out) HR_MUST_USE;

#endif
