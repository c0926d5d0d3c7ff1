workspace tests/scenario/clock
# Handrail is down for three days. Once, each, or none of the missed times: as each file says, and no time twice.
day 2026-11-23
10:00 form says lead.came email=ada@example.com
10:01 form says lead.came email=ben@example.com heat=cold
day 2026-11-24
01:29:59 nothing
expect ada@example.com nights = nothing
01:30 nothing
expect ada@example.com nights = 1
expect ada@example.com night_of = 2026-11-24T01:30:00Z
expect ben@example.com nights = nothing
06:00 nothing
expect ada@example.com each = 1
expect ada@example.com kept = 1
20:00 handrail is down
day 2026-11-27
20:00 nothing
expect ada@example.com nights = 1
20:00:01 handrail is back
# three nights were missed, and one counts for them: the last
expect ada@example.com nights = 2
expect ada@example.com night_of = 2026-11-27T01:30:00Z
expect ada@example.com each = 4
expect ada@example.com kept = 1
expect automation by_night done 2
expect automation each_morning done 4
expect automation if_on_time done 1
# and from then on everything is as it was
day 2026-11-28
09:00 nothing
expect ada@example.com nights = 3
expect ada@example.com each = 5
expect ada@example.com kept = 2
expect ben@example.com each = nothing
