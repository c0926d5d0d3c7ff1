workspace tests/scenario/contracts
# What the source of truth says holds, even if it speaks last and of an early moment; nobody else changes it then.
day 2026-11-23
10:00:00 form says said email=ada@example.com v=form
10:10:00 sheet says said email=ada@example.com v=sheet
expect ada@example.com source = sheet
10:20:00 crm says said email=ada@example.com v=crm at=09:00
expect ada@example.com source = crm
expect ada@example.com new = sheet
expect ada@example.com source beside sheet is by rule sheet
10:30:00 sheet says said email=ada@example.com v=other
expect ada@example.com source = crm
10:40:00 crm says said email=ada@example.com v=newer at=09:30
expect ada@example.com source = newer
