workspace tests/scenario/contracts
# Nobody gets news who did not agree: not who never said so, not who is said to have said so.
day 2026-11-23
10:00 sheet says said email=ada@example.com
expect ada@example.com may not get marketing "never agreed to marketing"
10:05 sheet says said email=ada@example.com consent=given
expect ada@example.com may not get marketing "nothing proves that they agreed to marketing themselves"
10:06 maya may not set ada@example.com consent = given
10:07 maya hands in form said email=ada@example.com consent=given form_version=7
expect ada@example.com consent = nothing
expect ada@example.com consent beside form is unproven given
expect ada@example.com may not get marketing "nothing proves"
10:10 form says said email=ada@example.com consent=given form_version=7
expect ada@example.com may get marketing "agreed to marketing on 2026-11-23T10:10:00Z by form"
