workspace tests/scenario/contracts
# Ada leaves by the link. No list, no import and no person brings her back; she herself does.
day 2026-11-23
10:00 form says said email=ada@example.com consent=given form_version=7
expect ada@example.com may get marketing
11:00 ada@example.com leaves marketing
expect ada@example.com consent = withdrawn
expect ada@example.com may not get marketing "withdrew from marketing on 2026-11-23T11:00:00Z by the link in a letter"
11:05 sheet says said email=ada@example.com consent=given
11:06 maya hands in form said email=ada@example.com consent=given form_version=8
11:07 form says said email=ada@example.com consent=given form_version=8 at=10:59
11:08 maya may not set ada@example.com consent = given
expect ada@example.com consent = withdrawn
expect ada@example.com may not get marketing "withdrew from marketing on 2026-11-23T11:00:00Z by the link in a letter"
12:00 form says said email=ada@example.com consent=given form_version=9
expect ada@example.com consent = given
expect ada@example.com may get marketing "agreed to marketing on 2026-11-23T12:00:00Z by form"
13:00 ada@example.com complains of marketing
expect ada@example.com may not get marketing "withdrew from marketing on 2026-11-23T13:00:00Z by a complaint about a letter"
14:00 form says said email=ada@example.com consent=given form_version=9
15:00 maya withdraws ada@example.com marketing "she said so by phone"
expect ada@example.com may not get marketing "withdrew from marketing on 2026-11-23T15:00:00Z by maya"
