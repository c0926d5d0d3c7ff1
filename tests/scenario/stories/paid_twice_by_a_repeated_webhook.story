workspace tests/scenario/office
# The till sends the same payment three times, and once more under another id: it counts once. Another payment counts too.
day 2026-11-23
10:00:00 till says money.paid email=ada@example.com payment_id=p1 id=w1
expect ada@example.com payments = 1
expect automation count_payments done 1
10:00:05 till says money.paid email=ada@example.com payment_id=p1 id=w1
10:01:00 till says money.paid email=ada@example.com payment_id=p1 id=w1
10:02:00 till says money.paid email=ada@example.com payment_id=p1 id=w2
expect ada@example.com payments = 1
expect automation count_payments running 0 done 1 kept_out 1
11:00:00 till says money.paid email=ada@example.com payment_id=p2
expect ada@example.com payments = 2
expect automation count_payments done 2 kept_out 1
