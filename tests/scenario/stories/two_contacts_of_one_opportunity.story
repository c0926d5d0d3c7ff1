workspace tests/scenario/agency
# Ada and Ben buy together: one deal, one company, each of them knows it. Ben is forgotten; the deal stays, Ada's.
day 2026-11-23
10:00:00 crm says deal.changed email=ada@example.com deal=D1 amount=5000
10:01:00 crm says deal.changed email=ben@example.com deal=D1 amount=5000
expect ada@example.com has 1 opportunity
expect ben@example.com has 1 opportunity
expect ben@example.com has 1 account
expect ada@example.com opportunity amount = 5000
expect ada@example.com account segment = big
expect ada@example.com task "Call them of Acme about Website" open eva 2026-11-24
expect ben@example.com has 1 task
10:05:00 crm says deal.changed email=ben@example.com deal=D1 amount=300
expect ada@example.com opportunity amount = 300
expect ada@example.com account segment = big
# another company of Ada's, said of an earlier time: the newest is still Acme
10:06:00 crm says deal.changed email=ada@example.com deal=D0 domain=old.example.com company=Old at=09:00
expect ada@example.com has 2 accounts
expect ada@example.com account name = Acme
expect ada@example.com opportunity amount = 300
10:10:00 ben@example.com is forgotten
expect ben@example.com is nobody
expect ada@example.com opportunity amount = 300
expect ada@example.com has 2 opportunities
