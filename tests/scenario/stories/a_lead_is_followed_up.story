workspace tests/scenario/office
# Ada asks for the big offer. Two days later she is hot; nobody calls in time, and Maya is told; the late call still counts.
day 2026-11-23
10:00:00 form says lead.came email=ada@example.com offer=big
expect ada@example.com stage = lead
expect ada@example.com heat = warm
expect ada@example.com waits follow_up 3
10:00:30 form says lead.came email=ada@example.com offer=big
expect automation follow_up running 1 kept_out 1
day 2026-11-25
09:59:59 nothing
expect ada@example.com waits follow_up 3
10:00:00 nothing
expect ada@example.com heat = hot
expect ada@example.com waits follow_up 6
expect automation heat done 1
expect H-1 absent
day 2026-11-26
10:00:00 nothing
expect H-1 cause automation
expect H-1 severity urgent
expect H-1 people 1
expect told maya 1
expect ada@example.com waits follow_up 6
11:00:00 form says call.held email=ada@example.com
expect ada@example.com stage = called
expect automation follow_up running 0 done 1
expect H-1 state resolved
expect H-1 closed_by proof
