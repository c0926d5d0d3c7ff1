workspace tests/scenario/leads
# The office pauses its follow-up for three days: waits keep their time and say so, nobody begins, and whoever pays leaves
# all the same. When the pause is over, those whose time came go on at once, and a call that came meanwhile counts.
day 2026-11-23
10:00:00 form says lead.came email=ada@example.com offer=big
10:00:00 form says lead.came email=ben@example.com offer=small
10:00:00 form says lead.came email=cleo@example.com offer=small
day 2026-11-24
12:00:00 maya pauses follow_up the numbers are wrong
12:00:00 maya may not pause follow_up
13:00:00 form says lead.came email=dee@example.com offer=small
expect automation follow_up running 3 kept_out 1
day 2026-11-25
10:00:00 nothing
expect ada@example.com waits follow_up 3
expect ada@example.com heat = warm
11:00:00 till says money.paid email=ben@example.com payment_id=p1
expect automation follow_up running 2 stopped 1
11:30:00 form says call.held email=cleo@example.com
expect cleo@example.com stage = lead
11:45:00 maya may not skip ada@example.com follow_up
day 2026-11-27
12:00:00 maya resumes follow_up
expect ada@example.com heat = hot
expect ada@example.com waits follow_up 6
expect cleo@example.com stage = called
expect automation follow_up running 1 done 1 stopped 1
expect H-1 absent
