workspace tests/scenario/rota
# Christmas Eve: the whole team is away. The lead waits, Maya is told, and Eva gets it on the first day she is back.
day 2026-12-24
10:00 form says lead.came email=ada@example.com
expect ada@example.com owner = nothing
expect ada@example.com waits give_lead 1
expect H-1 cause automation
expect H-1 people 1
expect H-1 owner dan
expect told maya 1
day 2026-12-26
23:59 nothing
expect ada@example.com waits give_lead 1
expect told maya 1
day 2026-12-27
00:00 nothing
expect ada@example.com owner = eva
expect ada@example.com stage = new
expect ada@example.com waits give_lead nowhere
expect automation give_lead running 0 done 1
expect H-1 state resolved
expect H-1 closed_by proof
