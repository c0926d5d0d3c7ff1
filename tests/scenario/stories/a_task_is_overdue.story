workspace tests/scenario/agency
# Nobody calls Ada and Ben by the next day: one issue, of whose task it is. Another date, another owner and the call end it.
day 2026-11-23
10:00:00 form says lead.came email=ada@example.com name=Ada
10:05:00 form says lead.came email=ben@example.com name=Ben
day 2026-11-24
09:59:00 nothing
expect H-1 absent
10:05:00 nothing
expect H-1 cause overdue
expect H-1 people 2
expect H-1 owner dan
expect told dan 1
11:00:00 dan plans "Call Ada" of ada@example.com "Write to Ada" 2026-11-26
expect H-1 people 1
expect ada@example.com task "Write to Ada" open dan 2026-11-26
11:10:00 dan does "Call Ben" of ben@example.com
expect H-1 state resolved
expect H-1 closed_by proof
day 2026-11-26
12:00:00 nothing
expect H-1 state regressed
expect told dan 2
12:10:00 dan passes "Write to Ada" of ada@example.com to eva
expect H-1 state resolved
expect H-2 cause overdue
expect H-2 owner eva
12:20:00 eva drops "Write to Ada" of ada@example.com "she called us"
expect H-2 state resolved
expect ada@example.com task "Write to Ada" dropped eva
