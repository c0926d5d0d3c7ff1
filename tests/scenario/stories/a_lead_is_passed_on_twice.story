workspace tests/scenario/rota
# Nobody calls: the next of the same team gets it, twice at most; then it waits in the queue of the desk until one takes it.
day 2026-11-23
10:00 form says lead.came email=ada@example.com
expect ada@example.com owner = eva
11:00 form says lead.waits email=ada@example.com
expect ada@example.com owner = cho
12:00 form says lead.waits email=ada@example.com
expect ada@example.com owner = kim
13:00 form says lead.waits email=ada@example.com
expect ada@example.com owner = maya
expect ada@example.com queue owner = desk
expect open kim 0
14:00 dan sets ada@example.com owner = dan
expect ada@example.com owner = dan
expect ada@example.com queue owner = nothing
expect open maya 0
expect open dan 1
# what a person chose no machine gives away
15:00 form says lead.waits email=ada@example.com
expect ada@example.com owner = dan
