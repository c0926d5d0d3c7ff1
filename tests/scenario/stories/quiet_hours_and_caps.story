workspace tests/scenario/school
# News wait until the night is over; and nobody gets more than one a day, however many automations would write.
day 2026-11-23
21:00:00 form says lead.came email=ada@example.com
21:00:05 maya approves news for ada@example.com
expect done news 0
expect ada@example.com effect news planned
day 2026-11-24
07:59:59 nothing
expect done news 0
08:00:00 nothing
expect done news 1
expect ada@example.com effect news confirmed
10:00:00 form says more.asked email=ada@example.com
10:00:01 maya approves news for ada@example.com
expect done news 1
expect ada@example.com effect news planned
day 2026-11-25
07:59:59 nothing
expect done news 1
08:00:00 nothing
expect done news 2
