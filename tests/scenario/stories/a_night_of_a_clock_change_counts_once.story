workspace tests/scenario/clock
# In spring 01:30 does not exist: the next valid minute stands for it. In autumn it comes twice: the first one counts.
day 2026-11-23
10:00 form says lead.came email=ada@example.com heat=cold
day 2027-03-27
00:00 form says lead.came email=ada@example.com
01:30 nothing
expect ada@example.com nights = 1
day 2027-03-28
00:59:59 nothing
expect ada@example.com nights = 1
01:00 nothing
expect ada@example.com nights = 2
expect ada@example.com night_of = 2027-03-28T01:00:00Z
02:00 nothing
expect ada@example.com nights = 2
# a day later it is 01:30 again, an hour and a half less than a day after: it counts
day 2027-03-29
00:30 nothing
expect ada@example.com nights = 3
expect ada@example.com night_of = 2027-03-29T00:30:00Z
10:00 form says lead.came email=ada@example.com heat=cold
day 2027-10-30
10:00 form says lead.came email=ada@example.com
day 2027-10-31
00:29:59 nothing
expect ada@example.com nights = 3
00:30 nothing
expect ada@example.com nights = 4
expect ada@example.com night_of = 2027-10-31T00:30:00Z
01:30 nothing
expect ada@example.com nights = 4
expect ada@example.com each = 3
06:00 nothing
expect ada@example.com each = 4
day 2027-11-01
01:30 nothing
expect ada@example.com nights = 5
