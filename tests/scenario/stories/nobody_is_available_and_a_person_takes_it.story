workspace tests/scenario/rota
# Nobody of the team is there; Dan takes the lead himself. It goes on at once, and stays his when Eva is back.
day 2026-12-24
10:00 form says lead.came email=ada@example.com
expect ada@example.com waits give_lead 1
10:30 dan sets ada@example.com owner = dan
expect ada@example.com owner = dan
expect ada@example.com stage = new
expect automation give_lead running 0 done 1
expect H-1 state resolved
expect open dan 1
day 2026-12-28
09:00 nothing
expect ada@example.com owner = dan
# and the turn that nobody had is still Eva's
09:01 form says lead.came email=ben@example.com
expect ben@example.com owner = eva
