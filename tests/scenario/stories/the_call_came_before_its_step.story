workspace tests/scenario/office
# The call is held while the lead still waits: the step that waits for it finds it done.
day 2026-11-23
10:00:00 form says lead.came email=dee@example.com offer=small
12:00:00 form says call.held email=dee@example.com
expect dee@example.com waits follow_up 3
day 2026-11-25
10:00:00 nothing
expect dee@example.com stage = called
expect automation follow_up running 0 done 1
expect automation heat done 0
expect H-1 absent
