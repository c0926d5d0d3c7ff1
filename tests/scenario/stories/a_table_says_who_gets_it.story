workspace tests/scenario/rota
# By region: in the north whoever has least, in the south whose turn it is; nobody gets more than two, and then Dan does.
day 2026-11-23
10:00 form says lead.placed email=a@example.com region=north
10:01 form says lead.placed email=b@example.com region=north
10:02 form says lead.placed email=c@example.com region=north
expect a@example.com owner = eva
expect b@example.com owner = cho
expect c@example.com owner = kim
10:03 form says lead.placed email=d@example.com region=south
expect d@example.com owner = eva
10:04 form says lead.placed email=e@example.com region=north
expect e@example.com owner = cho
10:05 form says lead.placed email=f@example.com region=north
expect f@example.com owner = kim
expect open eva 2
10:06 form says lead.placed email=g@example.com region=south
expect g@example.com owner = dan
10:07 form says lead.placed email=h@example.com region=island
expect h@example.com owner = maya
expect h@example.com queue owner = desk
# Maya takes it herself: it is hers, and waits no more
10:08 maya sets h@example.com owner = maya
expect h@example.com queue owner = nothing
expect open maya 1
