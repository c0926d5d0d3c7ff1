workspace tests/scenario/contracts
# What a person chose for a while, or took back, is open to its writers again.
day 2026-11-23
10:00:00 form says said email=ada@example.com v=first
10:10:00 maya sets ada@example.com new = chosen until 12:00
11:59:00 sheet says said email=ada@example.com v=early
expect ada@example.com new = chosen
expect ada@example.com new beside sheet is pinned early
12:01:00 sheet says said email=ada@example.com v=later
expect ada@example.com new = later
expect ada@example.com new beside sheet is nothing
12:10:00 maya sets ada@example.com new = again
12:20:00 form says said email=ada@example.com v=third
expect ada@example.com new = again
12:30:00 maya releases ada@example.com new
expect ada@example.com new = again
12:40:00 form says said email=ada@example.com v=fourth
expect ada@example.com new = fourth
