workspace tests/scenario/contracts
# Form and sheet say different things. The contract wants a person to decide; both words are kept, and the one who spoke
# first holds meanwhile.
day 2026-11-23
10:00:00 form says said email=ada@example.com v=a
10:10:00 sheet says said email=ada@example.com v=b
expect ada@example.com asked = a
expect ada@example.com asked beside sheet is conflict b
expect H-1 cause conflict
expect H-2 cause conflict
expect told maya 2
# the sheet repeats itself: no news, nobody is told again
10:20:00 sheet says said email=ada@example.com v=b
expect told maya 2
# for one field she chooses, the other is closed with a reason
10:30:00 maya sets ada@example.com never = b
expect H-1 state resolved
expect ada@example.com never = b
expect ada@example.com never beside sheet is nothing
10:40:00 maya resolves H-2 "the form is right"
expect H-2 state resolved
expect H-2 closed_by maya
expect ada@example.com asked = a
expect ada@example.com asked beside sheet is answered b
