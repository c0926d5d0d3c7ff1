# Ada asks to be forgotten while her course is not open: the issue loses her, the record still verifies.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:10 nothing
expect H-1 people 1
10:11 ada@example.com is forgotten
expect ada@example.com is nobody
expect H-1 people 0
expect H-1 state resolved
10:20 website_form says form.submitted email=ada@example.com
expect ada@example.com form_to_crm is confirmed
