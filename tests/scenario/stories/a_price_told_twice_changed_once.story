workspace tests/scenario/agency
# What a linked record is given counts as a change of its fields: a first price, another one; not the same once more.
day 2026-11-23
10:00:00 crm says deal.changed email=ada@example.com deal=D1 amount=5000
expect ada@example.com prices = 1
10:05:00 crm says deal.changed email=ada@example.com deal=D1 amount=5000 title=Shop
expect ada@example.com opportunity title = Shop
expect ada@example.com prices = 1
10:10:00 crm says deal.changed email=ada@example.com deal=D1 amount=4500
expect ada@example.com opportunity amount = 4500
expect ada@example.com prices = 2
