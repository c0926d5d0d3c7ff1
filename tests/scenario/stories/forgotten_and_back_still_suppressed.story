workspace tests/scenario/contracts
# Ada left and was forgotten. Whoever sends her address again finds it suppressed, until she agrees anew.
day 2026-11-23
10:00 form says said email=ada@example.com consent=given form_version=7
11:00 ada@example.com leaves marketing
12:00 ada@example.com is forgotten
expect ada@example.com is nobody
13:00 sheet says said email=Ada@Example.com
expect ada@example.com may not get marketing "an address of theirs left marketing on 2026-11-23T11:00:00Z by the link in a letter"
13:05 form says said email=ada@example.com consent=given form_version=7 at=10:30
expect ada@example.com consent = given
expect ada@example.com may not get marketing "an address of theirs left marketing"
14:00 form says said email=ada@example.com consent=given form_version=8
expect ada@example.com may get marketing
