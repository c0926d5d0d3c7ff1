# The checkout sends the same event three times: one payment, one handoff, one alarm.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81 id=evt_1
10:03 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81 id=evt_1 at=10:02
12:00 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81 id=evt_1 at=10:02
expect journal 2
expect H-1 people 1
