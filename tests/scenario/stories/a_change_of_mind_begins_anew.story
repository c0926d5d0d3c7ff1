workspace tests/scenario/office
# Ada says the same twice, which is no change, and then something else: what was under way stops, and begins anew.
day 2026-11-23
09:00:00 form says lead.came email=ada@example.com offer=big
expect ada@example.com choices = 1
expect automation changed_mind running 1
10:00:00 form says lead.came email=ada@example.com offer=big
expect ada@example.com choices = 1
expect automation changed_mind running 1 kept_out 1
11:00:00 form says lead.came email=ada@example.com offer=small
expect ada@example.com choices = 2
expect automation changed_mind running 1 stopped 1 kept_out 1
# another field is not what it looks at, and time is no change
12:00:00 maya sets ada@example.com heat = hot
14:59:59 nothing
expect ada@example.com settled = nothing
# what it writes itself is no reason for it to stop
15:00:00 nothing
expect ada@example.com settled = small
expect ada@example.com waits changed_mind 6
16:00:00 nothing
expect ada@example.com sure = yes
expect automation changed_mind running 0 done 1 stopped 1 kept_out 1
# a person who says it is, whichever of the two they say
17:00:00 form says lead.came email=ben@example.com offer=big
17:10:00 maya sets ben@example.com offer = small
expect automation changed_mind running 0 done 1 stopped 2 kept_out 1
18:00:00 form says lead.came email=cleo@example.com offer=big
22:00:00 nothing
expect cleo@example.com settled = big
22:10:00 maya sets cleo@example.com settled = small
expect automation changed_mind running 0 done 1 stopped 3 kept_out 1
