/* insight, inside: going through all issues, page by page. */
#ifndef HR_INSIGHT_ISSUES_H
#define HR_INSIGHT_ISSUES_H

#include "insight/inside.h"

/* Called for each issue in order of its number. The record is gone after the call. */
typedef hr_status (*hr_issue_visit)(void *context, const struct hr_record *record);
/* *ret_stopped: there are more than are looked at. */
hr_status hr_issues_each(const struct hr_ask *ask, hr_issue_visit visit, void *context,
                         bool *ret_stopped) HR_MUST_USE;

#endif
