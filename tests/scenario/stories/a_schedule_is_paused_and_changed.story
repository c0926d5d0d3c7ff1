workspace tests/scenario/clock
# A pause is no downtime: what passes meanwhile is not made up. Another schedule begins anew; the others go on.
day 2026-11-23
10:00 form says lead.came email=ada@example.com
day 2026-11-24
05:00 dan pauses each_morning
day 2026-11-26
09:00 dan resumes each_morning
expect ada@example.com each = nothing
expect ada@example.com kept = 3
day 2026-11-27
06:00 nothing
expect ada@example.com each = 1
06:30 the files are tests/scenario/clock_changed
expect ada@example.com each = 1
07:00 nothing
expect ada@example.com each = 2
expect ada@example.com kept = 4
day 2026-11-28
06:30 nothing
expect ada@example.com each = 2
expect ada@example.com kept = 5
expect ada@example.com nights = 5
