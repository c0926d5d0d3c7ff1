workspace tests/scenario/contracts
# Ada agrees on the form, says no later, and a list says she agreed: without what she was shown that counts for nothing.
day 2026-11-23
10:00:00 form says said email=ada@example.com consent=given form_version=7
expect ada@example.com consent = given
11:00:00 crm says said email=ada@example.com consent=withdrawn
expect ada@example.com consent = withdrawn
12:00:00 sheet says said email=ada@example.com consent=given
expect ada@example.com consent = withdrawn
expect ada@example.com consent beside sheet is unproven given
expect H-1 cause conflict
12:10:00 form says said email=ada@example.com consent=given form_version=7 at=10:30
expect ada@example.com consent = withdrawn
13:00:00 form says said email=ada@example.com consent=given form_version=8
expect ada@example.com consent = given
expect H-1 state resolved
