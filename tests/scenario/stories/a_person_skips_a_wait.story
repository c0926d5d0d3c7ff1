workspace tests/scenario/leads
# Ada was called by phone at once: the wait is skipped, and so is the wait for the call, which the office knows of. What that
# proves is another matter: the stage stays until its evidence comes. Ben's follow-up is withdrawn and nothing follows.
day 2026-11-23
10:00:00 form says lead.came email=ada@example.com offer=small
10:00:00 form says lead.came email=ben@example.com offer=small
10:05:00 maya skips ada@example.com follow_up
expect ada@example.com waits follow_up 6
10:06:00 maya skips ada@example.com follow_up
expect ada@example.com waits follow_up nowhere
expect ada@example.com stage = lead
expect automation follow_up running 1 done 1
10:07:00 maya may not skip ada@example.com follow_up
10:08:00 maya may not retry ben@example.com follow_up
10:09:00 maya ends ben@example.com follow_up
expect automation follow_up running 0 done 1 withdrawn 1
day 2026-11-27
10:00:00 nothing
expect ben@example.com heat = warm
expect H-1 absent
