workspace tests/scenario/rota
# Leads go to the next in turn, and whoever comes back goes to who had them: the turn is not used up by that.
day 2026-11-23
10:00 form says lead.came email=ada@example.com
10:01 form says lead.came email=ben@example.com
expect ada@example.com owner = eva
expect ben@example.com owner = cho
expect open eva 1
# ten days later she asks again: it would be Kim's turn
day 2026-12-03
10:00 form says lead.came email=ada@example.com
expect ada@example.com owner = eva
expect automation give_lead done 3
10:01 form says lead.came email=cy@example.com
expect cy@example.com owner = kim
10:02 form says lead.came email=dee@example.com
expect dee@example.com owner = eva
expect open eva 2
# what was spoken about is no open lead of hers any more, and who is forgotten is none either
11:00 form says call.held email=ada@example.com
expect ada@example.com stage = over
expect open eva 1
12:00 dee@example.com is forgotten
expect open eva 0
expect open kim 1
